// The tables of Unicode are prepared when the first text that is not plain has to be measured.
let measure;

export default function stringWidth(text, options) {
  measure ??= require('../node_modules/string-width/index.js').default;
  return measure(text, options);
}
