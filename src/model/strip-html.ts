const htmlTag = /<[/!]?[a-z][^>]*>/gi;

/** The text as the platform keeps names and tags: without HTML tags (platform-api §3). */
export function stripHtml(text: string): string {
  return text.includes('<') ? text.replace(htmlTag, '') : text;
}
