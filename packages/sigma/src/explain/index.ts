export { type ExplainOptions, type Explanation, explainRule, type RuleExplanation } from './explain.ts'
export { renderExplanation } from './render.ts'
