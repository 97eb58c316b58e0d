import { titleText } from '../escape/title.ts';
import { checkLimits } from './github-limits.ts';
import { type PlanCommentInput, renderPlanComment, toVerdict } from './render-plan-comment.ts';

/** The output of a check run. */
interface RenderedCheck {
  /** One line of plain text. */
  readonly title: string;
  /** Markdown, within 65,535 characters. */
  readonly summary: string;
}

/** A plan as the output of a check run: the verdict as its title, and all that the comment says but the links for those who have to agree. */
export function renderPlanCheck(input: Omit<PlanCommentInput, 'limits'>): RenderedCheck {
  const { body } = renderPlanComment({ ...input, invitation: undefined, limits: checkLimits });
  return { title: titleText(toVerdict(input.outcome), 200), summary: body };
}
