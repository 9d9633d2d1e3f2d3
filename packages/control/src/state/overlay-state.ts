import { OverlayMap } from './overlay-map.ts';
import type { ControlState, ProjectState } from './types.ts';

/**
 * A copy of the state that costs as much as is changed in it: to decide on events that are not
 * committed yet, and to see what a decision would lead to. The state underneath must not move while it
 * is used.
 */
export function overlayState(state: ControlState): ControlState {
  return {
    position: state.position,
    projects: new OverlayMap(state.projects, overlayProject),
    tokens: new OverlayMap(state.tokens),
    proofs: new OverlayMap(state.proofs),
    ...(state.losses ? { losses: state.losses } : {}),
    ...(state.telemetry ? { telemetry: state.telemetry } : {}),
  };
}

function overlayProject(project: ProjectState): ProjectState {
  return {
    key: project.key,
    environments: new OverlayMap(project.environments),
    flags: new OverlayMap(project.flags),
    segments: new OverlayMap(project.segments),
    plans: new OverlayMap(project.plans),
    metrics: new OverlayMap(project.metrics),
    rehearsals: new OverlayMap(project.rehearsals),
    mentions: new OverlayMap(project.mentions),
  };
}
