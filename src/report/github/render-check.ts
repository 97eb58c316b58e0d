import { titleText } from '../escape/title.ts';
import { type ApplyCommentInput, renderApplyComment, toApplyVerdict } from './render-apply-comment.ts';
import { checkLimits } from './github-limits.ts';
import { type PlanCommentInput, renderPlanComment, toVerdict } from './render-plan-comment.ts';

/** The output of a check run. */
interface RenderedCheck {
  /** One line of plain text. */
  readonly title: string;
  /** Markdown, within 65,535 characters. */
  readonly summary: string;
}

/** A plan as the output of a check run: the verdict as its title, and all that the comment says. */
export function renderPlanCheck(input: Omit<PlanCommentInput, 'marker' | 'limits'>): RenderedCheck {
  const { body } = renderPlanComment({ ...input, marker: '', limits: checkLimits });
  return { title: titleText(toVerdict(input.outcome), 200), summary: body };
}

/** An apply as the output of a check run. */
export function renderApplyCheck(input: Omit<ApplyCommentInput, 'marker' | 'limits'>): RenderedCheck {
  const { body } = renderApplyComment({ ...input, marker: '', limits: checkLimits });
  return { title: titleText(toApplyVerdict(input.outcome), 200), summary: body };
}
