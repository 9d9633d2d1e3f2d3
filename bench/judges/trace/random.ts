/** The draws of rehearsals, so that both follow the same laws. */
export {
  binomial,
  geometric,
  multinomial,
  poisson,
  type Random,
  randomOf,
} from '../../../packages/control/src/rehearsal/random.ts';
