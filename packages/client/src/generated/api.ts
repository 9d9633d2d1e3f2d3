export interface paths {
  '/healthz': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Says that the process answers. */
    get: operations['getHealthz'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/readyz': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Says whether traffic should come here; 503 while the server starts, stops or cannot write. */
    get: operations['getReadyz'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The projects that the token may see. */
    get: operations['listProjects'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /** Creates a project; one that is there stays as it is. */
    put: operations['putProject'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}/environments': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The environments of a project that the token may see, in their order. */
    get: operations['listEnvironments'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}/environments/{environment}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /** Creates an environment. */
    put: operations['putEnvironment'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}/flags': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The flags of a project, archived ones only when asked for. */
    get: operations['listFlags'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}/flags/{flag}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A flag: its definition and where it stands in each environment that the token may see. */
    get: operations['getFlag'];
    /** Creates or changes a flag by its document. An unchanged document changes nothing. */
    put: operations['putFlag'];
    post?: never;
    /** Archives a flag: SDKs no longer know it; its key is never used again. */
    delete: operations['archiveFlag'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}/documents': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Puts several documents, in any order, as one change: all of them or none. */
    post: operations['putDocuments'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}/environments/{environment}/flags/{flag}/overrides': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /** Sets or takes away the variant of single units; others keep theirs. */
    put: operations['putOverrides'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}/segments': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The segments of a project; for a token of one environment, those that its flags reach. */
    get: operations['listSegments'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}/segments/{segment}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A segment. */
    get: operations['getSegment'];
    /** Creates or changes a segment by its document. */
    put: operations['putSegment'];
    post?: never;
    /** Removes a segment that nothing uses. */
    delete: operations['removeSegment'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}/metrics': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The metrics that plans of a project can name, with those that are built in. */
    get: operations['listMetrics'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}/metrics/{metric}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A metric, whether it has a document or is built in. */
    get: operations['getMetric'];
    /** Creates or changes a metric; rollouts that go on keep theirs. */
    put: operations['putMetric'];
    post?: never;
    /** Removes a metric that nothing uses. */
    delete: operations['removeMetric'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}/plans': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The named plans of a project. */
    get: operations['listPlans'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}/plans/{plan}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A named plan. */
    get: operations['getPlan'];
    /** Creates or changes a named plan; rollouts that go on keep theirs. */
    put: operations['putPlan'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}/environments/{environment}/rehearsals': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The newest rehearsal of each plan that was rehearsed, the newest first. */
    get: operations['listRehearsals'];
    put?: never;
    /** Plays the rollout of a plan through in virtual time, many times, and records it. */
    post: operations['rehearse'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}/environments/{environment}/flags/{flag}/rollout': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Where a rollout stands: stage, evidence against limits, what it waits for, who has it. */
    get: operations['getRollout'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}/environments/{environment}/flags/{flag}/rollout/check': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Says what stands in the way of a start and what to expect of it; changes nothing. */
    post: operations['checkRollout'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}/environments/{environment}/flags/{flag}/rollout/start': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Starts a new attempt, as declared or as the body says. */
    post: operations['startRollout'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}/environments/{environment}/flags/{flag}/rollout/pause': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Keeps the rollout where it is until somebody resumes it. */
    post: operations['pauseRollout'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}/environments/{environment}/flags/{flag}/rollout/resume': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Lets a paused rollout go on. */
    post: operations['resumeRollout'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}/environments/{environment}/flags/{flag}/rollout/advance': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Enters the next stage now, on somebody’s word instead of the evidence. */
    post: operations['advanceRollout'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}/environments/{environment}/flags/{flag}/rollout/rollback': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Takes the share of the rollout to zero. Never refused to anybody who may look. */
    post: operations['rollbackRollout'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}/environments/{environment}/flags/{flag}/rollout/complete': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Completes a rollout at its last stage; the watch begins. */
    post: operations['completeRollout'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}/environments/{environment}/flags/{flag}/rollout/tighten': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Makes the plan of a rollout that goes on more careful; evidence is kept. */
    post: operations['tightenRollout'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}/environments/{environment}/flags/{flag}/rollout/end-watch': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Ends the watch of a completed rollout. */
    post: operations['endWatch'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}/environments/{environment}/flags/{flag}/down': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Serves the safe variant to everyone at once, until `up`. */
    post: operations['downFlag'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}/environments/{environment}/flags/{flag}/up': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Ends `down`; the rollout stays paused. */
    post: operations['upFlag'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}/environments/{environment}/flags/{flag}/explain': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Says why a context gets what it gets, now or at an earlier version. */
    post: operations['explainFlag'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}/environments/{environment}/flags/{flag}/proof': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The newest rollback proof of a flag in an environment. */
    get: operations['getLatestProof'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}/proofs/{proof}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A rollback proof: its three clocks, and by instance what is still missing. */
    get: operations['getProof'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}/environments/{environment}/snapshot': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Exports the present snapshot of an environment. */
    get: operations['getSnapshot'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}/environments/{environment}/instances': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Which instance uses which version, and when it was last heard of. */
    get: operations['listInstances'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}/environments/{environment}/flags/{flag}/rollout/exclude': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Takes a service, or one instance of it, out of what counts for the rollouts of a flag. */
    post: operations['excludeSource'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}/environments/{environment}/flags/{flag}/rollout/include': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Lets an excluded source count again from now on. */
    post: operations['includeSource'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}/environments/{environment}/instances/{instance}/retire': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Says that an instance is gone, on an operator’s word; proofs say so too. */
    post: operations['retireInstance'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/projects/{project}/environments/{environment}/tokens/{token}/retire': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Says that all instances that last spoke with a token are gone; proofs say so too. */
    post: operations['retireToken'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/log': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Reads the log in its order, as far as it is of the token’s project and environment. */
    get: operations['readLog'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/log/verify': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Recomputes the whole hash chain. */
    get: operations['verifyLog'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/tokens': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The tokens that are in force, without their secrets. */
    get: operations['listTokens'];
    put?: never;
    /** Issues a token. The answer alone holds its secret. */
    post: operations['issueToken'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/tokens/{token}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /** Revokes a token; from the answer on it is refused. */
    delete: operations['revokeToken'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/backup': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Writes a verified copy of everything into the backup directory of the server. */
    post: operations['backup'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/sdk/snapshot': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The present snapshot of the environment of the token. */
    get: operations['getSdkSnapshot'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/sdk/stream': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Follows the environment of the token as server-sent events. */
    get: operations['openSdkStream'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/sdk/reports': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Takes the telemetry report of an instance; a repeated one counts once. */
    post: operations['postReport'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/sdk/acknowledgements': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Takes word that an instance uses a version. */
    post: operations['postAcknowledgement'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/sdk/goodbyes': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Takes word that an instance is about to end. */
    post: operations['postGoodbye'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    /** @description Problem details, RFC 9457. */
    Problem: {
      type: string;
      title: string;
      status: number;
      detail: string;
      /** @description Stable; see docs/errors.md. */
      code: string;
      /** @description JSON pointer into the input; empty for the whole of it. */
      path: string;
      /** @description What would be accepted. */
      accepted?: string;
      details?: unknown;
      correlationId: string;
    };
    /** @description What a document says differently from the one before. */
    FieldChange: {
      /** @description A JSON pointer into the document; members of lists by their names. */
      field: string;
      /** @description Absent where it was not there, or is large. */
      before?: unknown;
      /** @description Absent where it is gone, or is large. */
      after?: unknown;
      /** @description The same in words. */
      text: string;
    };
    /** @description A field that somebody else had changed last. */
    OthersChange: {
      /** @description One of the fields in `changes`. */
      field: string;
      by: {
        kind: string;
        /** @description Id of the token. */
        id: string;
        /** @description Its name at that time. */
        name?: string;
      };
      /** @description Of their change. */
      version: number;
      atMs: number;
      /** @description True where it is again as before their change. */
      takenBack: boolean;
    };
    /** @description What a change led to. */
    Answer: {
      /** @description False where everything was as asked already. */
      changed: boolean;
      /** @description Log position of what is now so. */
      version: number;
      /** @description Log position of the last event of this change. */
      position: number;
      events: {
        position: number;
        type: string;
      }[];
      /** @description Id of the rollback proof. */
      proof?: string | null;
      /** @description Of a put: there was none before. */
      created?: boolean;
      changes?: {
        /** @description A JSON pointer into the document; members of lists by their names. */
        field: string;
        /** @description Absent where it was not there, or is large. */
        before?: unknown;
        /** @description Absent where it is gone, or is large. */
        after?: unknown;
        /** @description The same in words. */
        text: string;
      }[];
      others?: {
        /** @description One of the fields in `changes`. */
        field: string;
        by: {
          kind: string;
          /** @description Id of the token. */
          id: string;
          /** @description Its name at that time. */
          name?: string;
        };
        /** @description Of their change. */
        version: number;
        atMs: number;
        /** @description True where it is again as before their change. */
        takenBack: boolean;
      }[];
      /** @description Rollouts that a flag’s document started. */
      started?: string[];
      /** @description True where nothing was changed by it. */
      dryRun?: boolean;
    } & {
      [key: string]: unknown;
    };
    Proof: {
      id: string;
      project: string;
      environment: string;
      flag: string;
      rollout?: string;
      kind: 'rollback' | 'down';
      /** @description The snapshot version that every instance must reach. */
      version: number;
      openedAtMs: number;
      /** @description The store’s clock. */
      nowMs: number;
      /** @description All three clocks are proven. */
      proven: boolean;
      clocks: {
        clock: 'reached' | 'silent' | 'recovered';
        /** @description `missed`: its deadline is over; it may still become proven. */
        outcome: 'proven' | 'pending' | 'missed';
        deadlineAtMs: number;
        /** @description What is proven and how, or what is missing. */
        statement: string;
        missing: {
          /** @description An instance, or a guardrail. */
          name: string;
          service?: string;
          why: string;
          /** @description The revoked token that it last spoke with. */
          cutOffBy?: string;
        }[];
        /** @description What the log holds of this clock. */
        recorded?: {
          outcome: string;
          atMs: number;
        };
      }[];
      /** @description Instances by class. */
      instances: {
        [key: string]: number;
      };
      /** @description Live instances of services that do not evaluate the flag: not waited for. */
      notConcerned: {
        instances: number;
        services: string[];
      };
    };
    Rollout: {
      project: string;
      environment: string;
      flag: string;
      /** @description Snapshot version of the environment. */
      version: number;
      /** @description The store’s clock. */
      nowMs: number;
      down: boolean;
      downedAtMs?: number;
      rollout?: {
        id: string;
        project: string;
        environment: string;
        flag: string;
        attempt: number;
        plan: {
          [key: string]: unknown;
        };
        to: string;
        control: string;
        status: string;
        /** @description From 0; -1 while the baseline is measured. */
        stage: number;
        stages: {
          /** @description Highest share of any audience. */
          sharePerMillion: number;
          /** @description Some audience gets it at another share or not at all. */
          partial: boolean;
          bakeMs: number;
          minimumSample: number;
        }[];
        /** @description Highest share now. */
        sharePerMillion: number;
        /** @description Frozen with the stage. */
        nextStageUnits: number;
        startedAtMs: number;
        stageEnteredAtMs: number;
        statusSinceMs: number;
        cause?: {
          code: string;
          text: string;
        };
        version: number;
        startedBy: string;
        unguarded: boolean;
      };
      earlier: unknown[];
      evidence?: {
        throughSequence: number;
        judgeVersion: string;
        closedBatches: number;
        closedThroughMs: number;
        /** @description fresh, blind:both, blind:treatment or blind:control. */
        freshness: string;
        blindSinceMs?: number;
        units: {
          treatment: number;
          control: number;
        };
        /** @description Distinct units by stage and arm. */
        exposed: {
          /** @description -1 for the baseline, -2 for after a rollback. */
          stage: number;
          treatment: number;
          control: number;
        }[];
        /** @description Metrics that are counted by request, in the present stage. */
        sources: {
          metric: string;
          /** @description prometheus or otlp. */
          type: string;
          server?: string;
          /** @description fresh, failing or stale. */
          state: string;
          /** @description Why it is not fresh. */
          code?: string;
          text?: string;
          requests: {
            treatment: number;
            control: number;
          };
        }[];
        /** @description Every guardrail is: distinct units are not known. */
        byRequest: boolean;
        unitsPerSecond: number;
        measuredShare: number;
        harm: {
          logE: number;
          /** @description ln(1 / alpha). */
          limit: number;
          harmful: boolean;
        };
        signals: {
          logE: number;
          /** @description ln(1 / alpha). */
          limit: number;
          harmful: boolean;
        };
        safe: boolean;
        sampleRatio: {
          logE: number;
          limit: number;
          alarm: boolean;
          treatmentDeficit: number;
          /** @description Where units are told apart: what would raise the alarm alone. */
          suspects: {
            /** @description `*` for all units. */
            dimension: string;
            value: string;
            logE: number;
            limit: number;
            treatmentDeficit: number;
          }[];
        };
        /** @description Whose reports were missing when the last batch was closed, as `service/instance`, and services of which nobody is left to report. */
        late: string[];
        /** @description Share of the stage’s outcomes that came when their unit had been counted. */
        lateShare: number;
        lostInstances: {
          names: string[];
          expected: number;
          excess: boolean;
        };
        /** @description What would be frozen now. */
        nextStageUnits: number;
        baseline: {
          [key: string]: {
            units: number;
            bad: number;
            mean?: number;
          };
        };
        dropped: {
          [key: string]: number;
        };
        success: {
          metric: string;
          stage: number;
          met: boolean;
          text: string;
        }[];
        /** @description Units of traffic that no person made, by stage: in no other figure. */
        synthetic: {
          /** @description -1 for the baseline, -2 for after a rollback. */
          stage: number;
          treatment: {
            units: number;
            bad: number;
          };
          control: {
            units: number;
            bad: number;
          };
        }[];
      };
      context?: {
        attribution?: {
          /** @description feature, service or shared; null where nothing is worse or it is too early to say. */
          attribution: string | null;
          hypotheses: {
            hypothesis: string;
            /** @description feature, service or shared; null where nothing is worse or it is too early to say. */
            attribution: string | null;
            because: string;
            text: string;
            controlAboveBaseline: {
              logE: number;
              /** @description From here on it counts as shown. */
              limit: number;
            };
            serviceWithShare: {
              logE: number;
              /** @description From here on it counts as shown. */
              limit: number;
            };
            sharedSinceMs?: number;
          }[];
        };
        budgets: {
          metric: string;
          services: string[];
          objective: number;
          windowMs: number;
          /** @description hold or rollback. */
          then: string;
          /** @description left, burning, burnt, or unknown where there is too little history. */
          state: string;
          /** @description So much of the window is known. */
          knownMs: number;
          spent: number | null;
          exhaustedInMs: number | null;
          text: string;
        }[];
        watch?: {
          /** @description holdback, or limit where there is none. */
          against: string;
          endsAtMs?: number;
          over: boolean;
          guardrails: {
            hypothesis: string;
            alarm: boolean;
            logE: number;
            limit: number;
            text: string;
          }[];
          alarms: string[];
        };
        /** @description Where everyone is treated; no error rate is claimed there. */
        wholeStage?: {
          batches: number;
          thresholds: {
            hypothesis: string;
            units: number;
            bad: number;
            limit: number;
            /** @description earlierDays or assumed. */
            limitFrom: string;
            reference: {
              units: number;
              bad: number;
              atMs: number;
              /** @description control or baseline. */
              of: string;
            };
            exceeded: boolean;
            lasting: boolean;
            raise?: {
              logE: number;
              /** @description From here on it counts as shown. */
              limit: number;
            };
          }[];
          raised: string[];
          lasting: string[];
          exceeded: string[];
        };
        earlierDays: {
          metric: string;
          services: string[];
          /** @description Standard deviation of ln(rate) from day to day. */
          spread: number;
          hours: {
            /** @description Of the day, UTC. */
            hour: number;
            days: number;
            /** @description Geometric mean, by request. */
            rate: number;
          }[];
        }[];
      };
      guardrails: {
        hypothesis: string;
        metric: string;
        quantile?: number;
        /** @description guardrail, signal or success. */
        role: string;
        horizonMs: number;
        /** @description harmful, safe or inconclusive. */
        verdict: string;
        harm?: {
          logE: number;
          limit: number;
          /** @description Evidence as a part of its limit, from 0 to 1. */
          part: number;
        };
        nonInferiority?: {
          logE: number;
          limit: number;
          /** @description Evidence as a part of its limit, from 0 to 1. */
          part: number;
        };
        /** @description share, mean or requests. */
        kind: string;
        /** @description True where only requests are known, not distinct units. */
        approximate?: boolean;
        treatment: {
          /** @description Distinct units; of kind `requests`: requests or seconds. */
          units: number;
          /** @description Units, or events, that count against the arm. */
          bad?: number;
          /** @description Of kind `mean`: in the unit of the metric. */
          mean?: number;
        };
        control: {
          /** @description Distinct units; of kind `requests`: requests or seconds. */
          units: number;
          /** @description Units, or events, that count against the arm. */
          bad?: number;
          /** @description Of kind `mean`: in the unit of the metric. */
          mean?: number;
        };
        ratio: {
          estimate: number | null;
          lower: number;
          upper: number | null;
        };
        /** @description Of kind `mean`: treatment less control, in the unit of the metric. */
        difference?: {
          estimate: number;
          lower: number;
          upper: number;
        };
        /** @description What counts against treatment beyond what control leads to expect; 0 for a mean. */
        excessBad: number;
        /** @description Of the values of the metric. */
        unit?: string;
        /** @description Of a funnel: units that took the steps in order up to each. */
        steps?: {
          event: string;
          treatment: number;
          control: number;
        }[];
        frozen?: {
          baselineRate: number;
          harmBound: number;
          latencyThresholdMs?: number;
          quantileUsed?: number;
        };
      }[];
      slices: {
        /** @description An attribute, or `service`. */
        dimension: string;
        /** @description `unknown` where an exposure said nothing of it. */
        value: string;
        /** @description harmful; suspect (holds a step up until it is shown to be no worse); inconclusive; tooFew (below the minimum sample). */
        verdict: string;
        minimumSample: number;
        units: {
          treatment: number;
          control: number;
        };
        guardrails: {
          hypothesis: string;
          harm: {
            logE: number;
            limit: number;
            /** @description Evidence as a part of its limit, from 0 to 1. */
            part: number;
          };
          /** @description share, mean or requests. */
          kind: string;
          /** @description True where only requests are known, not distinct units. */
          approximate?: boolean;
          treatment: {
            /** @description Distinct units; of kind `requests`: requests or seconds. */
            units: number;
            /** @description Units, or events, that count against the arm. */
            bad?: number;
            /** @description Of kind `mean`: in the unit of the metric. */
            mean?: number;
          };
          control: {
            /** @description Distinct units; of kind `requests`: requests or seconds. */
            units: number;
            /** @description Units, or events, that count against the arm. */
            bad?: number;
            /** @description Of kind `mean`: in the unit of the metric. */
            mean?: number;
          };
          ratio: {
            estimate: number | null;
            lower: number;
            upper: number | null;
          };
          /** @description Of kind `mean`: treatment less control, in the unit of the metric. */
          difference?: {
            estimate: number;
            lower: number;
            upper: number;
          };
          /** @description What counts against treatment beyond what control leads to expect; 0 for a mean. */
          excessBad: number;
        }[];
      }[];
      /** @description Sources of which nothing counts for rollouts of the flag here. */
      excluded: {
        service: string;
        instance?: string;
        by: string;
        atMs: number;
      }[];
      /** @description Bad units (each once per stage) or bad requests by who told of them; the 50 largest. */
      harmSources?: {
        metric: string;
        service: string;
        /** @description Absent: the whole service. */
        instance?: string;
        control: number;
        treatment: number;
      }[];
      /** @description Items of telemetry that count nowhere: of this rollout, and of its environment where they named none. The 50 largest. */
      droppedItems?: {
        service: string;
        instance: string;
        /** @description `sdk_queue`: the SDK had no room for them; else why the server dropped them. */
        cause: string;
        items: number;
        sinceMs: number;
        lastAtMs: number;
      }[];
      step?: {
        name: string;
        /** @description What the controller is about to do. */
        command?: string;
        waitsFor?: {
          code: string;
          text: string;
          remaining?: {
            units?: number;
            ms?: number;
          };
          /** @description When it should be over. */
          untilMs?: number;
        };
      };
      sentences: string[];
      instances: {
        /** @description The last version that changed this flag here. */
        version: number;
        live: number;
        reached: number;
        missing: {
          id: string;
          service: string;
          version?: number;
        }[];
        acknowledgements: {
          id: string;
          service: string;
          version: number;
          sinceMs: number;
        }[];
      };
      proof?: components['schemas']['Proof'];
    };
    RehearsalReport: {
      plan: string;
      /** @description Short name of the plan’s content. */
      digest: string;
      judgeVersion: string;
      seed: string;
      runs: number;
      harmBudget: number;
      figures: {
        name: string;
        /** @description Null: a distribution. */
        value: number | null;
        known: 'measured' | 'given' | 'assumed';
      }[];
      scenarios: {
        scenario: string;
        /** @description What should happen to it; `untold` where telemetry cannot tell. */
        truth: 'healthy' | 'tolerated' | 'harmful' | 'untold';
        /** @description A plan that asks for rehearsals has to find it. */
        demanded: boolean;
        runs: number;
        ends: {
          completed: number;
          rolledBack: number;
          paused: number;
          held: number;
          unfinished: number;
        };
        reasons: {
          [key: string]: number;
        };
        /** @description How often, with the 95 % interval by Wilson. */
        rolledBack: {
          count: number;
          of: number;
          share: number;
          low: number;
          high: number;
        };
        /** @description How often, with the 95 % interval by Wilson. */
        reachedLast: {
          count: number;
          of: number;
          share: number;
          low: number;
          high: number;
        };
        /** @description How often, with the 95 % interval by Wilson. */
        completed: {
          count: number;
          of: number;
          share: number;
          low: number;
          high: number;
        };
        /** @description How often, with the 95 % interval by Wilson. */
        stopped: {
          count: number;
          of: number;
          share: number;
          low: number;
          high: number;
        };
        rolledBackByStage: {
          [key: string]: number;
        };
        named: {
          [key: string]: number;
        };
        unpassed: {
          [key: string]: number;
        };
        harmedUnits?: {
          /** @description Runs in which there was one. */
          of: number;
          least: number;
          p1: number;
          p5: number;
          p50: number;
          p90: number;
          p95: number;
          p99: number;
          most: number;
        };
        harmedInAll?: {
          /** @description Runs in which there was one. */
          of: number;
          least: number;
          p1: number;
          p5: number;
          p50: number;
          p90: number;
          p95: number;
          p99: number;
          most: number;
        };
        toRollbackMs?: {
          /** @description Runs in which there was one. */
          of: number;
          least: number;
          p1: number;
          p5: number;
          p50: number;
          p90: number;
          p95: number;
          p99: number;
          most: number;
        };
        toCompletionMs?: {
          /** @description Runs in which there was one. */
          of: number;
          least: number;
          p1: number;
          p5: number;
          p50: number;
          p90: number;
          p95: number;
          p99: number;
          most: number;
        };
        stages: {
          stage: number;
          sharePerMillion: number;
          /** @description How often, with the 95 % interval by Wilson. */
          reached: {
            count: number;
            of: number;
            share: number;
            low: number;
            high: number;
          };
          afterMs?: {
            /** @description Runs in which there was one. */
            of: number;
            least: number;
            p1: number;
            p5: number;
            p50: number;
            p90: number;
            p95: number;
            p99: number;
            most: number;
          };
        }[];
      }[];
      findings: {
        code: string;
        scenario: string;
        guardrail?: string;
        text: string;
      }[];
      suggestions: {
        change: string;
        text: string;
        /** @description The whole plan. */
        document: {
          [key: string]: unknown;
        };
        tried: {
          scenario: string;
          before: {
            /** @description How often, with the 95 % interval by Wilson. */
            completed: {
              count: number;
              of: number;
              share: number;
              low: number;
              high: number;
            };
            /** @description How often, with the 95 % interval by Wilson. */
            rolledBack: {
              count: number;
              of: number;
              share: number;
              low: number;
              high: number;
            };
            /** @description How often, with the 95 % interval by Wilson. */
            reachedLast: {
              count: number;
              of: number;
              share: number;
              low: number;
              high: number;
            };
          };
          after: {
            /** @description How often, with the 95 % interval by Wilson. */
            completed: {
              count: number;
              of: number;
              share: number;
              low: number;
              high: number;
            };
            /** @description How often, with the 95 % interval by Wilson. */
            rolledBack: {
              count: number;
              of: number;
              share: number;
              low: number;
              high: number;
            };
            /** @description How often, with the 95 % interval by Wilson. */
            reachedLast: {
              count: number;
              of: number;
              share: number;
              low: number;
              high: number;
            };
          };
        }[];
      }[];
      notModelled: string[];
    };
    Rehearsal: {
      digest: string;
      plan: string;
      flag?: string;
      judgeVersion: string;
      seed: string;
      runs: number;
      unitsPerSecond: number;
      assumed: string[];
      scenarios: {
        scenario: string;
        /** @description What should happen to it; `untold` where telemetry cannot tell. */
        truth: 'healthy' | 'tolerated' | 'harmful' | 'untold';
        demanded: boolean;
        runs: number;
        rolledBack: number;
        reachedLast: number;
        completed: number;
        harmedUnits?: {
          p50: number;
          p90: number;
        };
      }[];
      atMs: number;
      expiresAtMs: number;
      version: number;
    };
    /** @description One line of a rehearsal; the last is no progress. */
    RehearsalLine:
      | {
          /** @enum {string} */
          type: 'progress';
          part: 'scenarios' | 'suggestions';
          /** @description Runs played. */
          done: number;
          of: number;
        }
      | {
          /** @enum {string} */
          type: 'result';
          report: components['schemas']['RehearsalReport'];
          recorded: {
            version: number;
            expiresAtMs: number;
          };
        }
      | {
          /** @enum {string} */
          type: 'problem';
          problem: components['schemas']['Problem'];
        };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  getHealthz: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {boolean} */
            alive: true;
          };
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getReadyz: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            ready: boolean;
            /** @description Why not, where it is not. */
            reason?: string;
            /** @description ample, low (telemetry is refused), full (changes too), unwritable, or unknown while the server starts. */
            storage: string;
            /** @description Log position. */
            position: number;
            /** @description intact, pending, failed or broken at a position. */
            chain: string;
          };
        };
      };
      /** @description Default Response */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            ready: boolean;
            /** @description Why not, where it is not. */
            reason?: string;
            /** @description ample, low (telemetry is refused), full (changes too), unwritable, or unknown while the server starts. */
            storage: string;
            /** @description Log position. */
            position: number;
            /** @description intact, pending, failed or broken at a position. */
            chain: string;
          };
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listProjects: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            projects: {
              key: string;
              environments: string[];
              flags: number;
            }[];
          };
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  putProject: {
    parameters: {
      query?: never;
      header?: {
        /** @description A retry with the same key changes nothing twice. Made if absent. */
        'idempotency-key'?: string;
        /** @description Stands in every event and log line of the request. */
        'correlation-id'?: string;
        /** @description The version that was read, in quotes, of what the path names; not on the way down. */
        'if-match'?: string;
        /** @description Why, percent-encoded; for routes whose body is a document. */
        justification?: string;
      };
      path: {
        project: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': {
          /** @description Why; kept outside the hash chain. */
          justification?: string;
          /** @description Versions that were read, by subject such as `flag:new-checkout`. */
          expectedVersions?: {
            [key: string]: number;
          };
        } | null;
      };
    };
    responses: {
      /** @description What the change led to. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Answer'];
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listEnvironments: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        project: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            environments: {
              key: string;
              owner: string;
              order: number;
              /** @description Snapshot version. */
              version: number;
            }[];
          };
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  putEnvironment: {
    parameters: {
      query?: never;
      header?: {
        /** @description A retry with the same key changes nothing twice. Made if absent. */
        'idempotency-key'?: string;
        /** @description Stands in every event and log line of the request. */
        'correlation-id'?: string;
        /** @description The version that was read, in quotes, of what the path names; not on the way down. */
        'if-match'?: string;
        /** @description Why, percent-encoded; for routes whose body is a document. */
        justification?: string;
      };
      path: {
        project: string;
        environment: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          owner: string;
          /** @description Staging before production. */
          order: number;
          justification?: string;
        };
      };
    };
    responses: {
      /** @description What the change led to. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Answer'];
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listFlags: {
    parameters: {
      query?: {
        archived?: boolean;
      };
      header?: never;
      path: {
        project: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            flags: {
              key: string;
              kind: string;
              type: string;
              owner: string;
              purpose: string;
              archived: boolean;
              version: number;
              environments: {
                [key: string]: {
                  serve: string;
                  down: boolean;
                  version: number;
                  rollout?: {
                    id: string;
                    attempt: number;
                    status: string;
                    stage: number;
                    stages: number;
                    to: string;
                    /** @description Highest share of any allocation. */
                    sharePerMillion: number;
                  };
                };
              };
            }[];
          };
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getFlag: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        project: string;
        flag: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            key: string;
            /** @description Position of the last change of the definition. */
            version: number;
            archived: boolean;
            /** @description What the flag is, with every default filled in. */
            definition: {
              [key: string]: unknown;
            };
            /** @description The document with every default written out, and the version it was read at. */
            document: {
              [key: string]: unknown;
            };
            environments: {
              [key: string]: {
                down: boolean;
                downedAtMs?: number;
                version: number;
                /** @description How many units have an override. */
                overrides: number;
                /** @description Id of the newest rollback proof. */
                proof?: string;
                rollout?: unknown;
                earlier: unknown[];
              };
            };
          };
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  putFlag: {
    parameters: {
      query?: {
        /** @description Allow what raises somebody at once (docs/changes.md); needs a justification. */
        atOnce?: boolean;
        /** @description Only say what would change, or why not; change nothing. */
        dryRun?: boolean;
      };
      header?: {
        /** @description A retry with the same key changes nothing twice. Made if absent. */
        'idempotency-key'?: string;
        /** @description Stands in every event and log line of the request. */
        'correlation-id'?: string;
        /** @description The version that was read, in quotes, of what the path names; not on the way down. */
        'if-match'?: string;
        /** @description Why, percent-encoded; for routes whose body is a document. */
        justification?: string;
      };
      path: {
        project: string;
        flag: string;
      };
      cookie?: never;
    };
    /** @description A flag document. */
    requestBody: {
      content: {
        'application/json': {
          [key: string]: unknown;
        };
      };
    };
    responses: {
      /** @description What the change led to. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Answer'];
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  archiveFlag: {
    parameters: {
      query?: {
        /** @description Allow what raises somebody at once (docs/changes.md); needs a justification. */
        atOnce?: boolean;
      };
      header?: {
        /** @description A retry with the same key changes nothing twice. Made if absent. */
        'idempotency-key'?: string;
        /** @description Stands in every event and log line of the request. */
        'correlation-id'?: string;
        /** @description The version that was read, in quotes, of what the path names; not on the way down. */
        'if-match'?: string;
        /** @description Why, percent-encoded; for routes whose body is a document. */
        justification?: string;
      };
      path: {
        project: string;
        flag: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': {
          /** @description Why; kept outside the hash chain. */
          justification?: string;
          /** @description Versions that were read, by subject such as `flag:new-checkout`. */
          expectedVersions?: {
            [key: string]: number;
          };
        } | null;
      };
    };
    responses: {
      /** @description What the change led to. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Answer'];
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  putDocuments: {
    parameters: {
      query?: {
        /** @description Allow what raises somebody at once (docs/changes.md); needs a justification. */
        atOnce?: boolean;
        /** @description Only say what would change, or why not; change nothing. */
        dryRun?: boolean;
      };
      header?: {
        /** @description A retry with the same key changes nothing twice. Made if absent. */
        'idempotency-key'?: string;
        /** @description Stands in every event and log line of the request. */
        'correlation-id'?: string;
        /** @description The version that was read, in quotes, of what the path names; not on the way down. */
        'if-match'?: string;
        /** @description Why, percent-encoded; for routes whose body is a document. */
        justification?: string;
      };
      path: {
        project: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          documents: {
            [key: string]: unknown;
          }[];
          /** @description Why; kept outside the hash chain. */
          justification?: string;
          /** @description Versions that were read, by subject such as `flag:new-checkout`. */
          expectedVersions?: {
            [key: string]: number;
          };
        };
      };
    };
    responses: {
      /** @description What became of each, in their order. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description False where everything was as asked already. */
            changed: boolean;
            /** @description Log position of what is now so. */
            version: number;
            /** @description Log position of the last event of this change. */
            position: number;
            events: {
              position: number;
              type: string;
            }[];
            /** @description Id of the rollback proof. */
            proof?: string | null;
            /** @description Of a put: there was none before. */
            created?: boolean;
            changes?: {
              /** @description A JSON pointer into the document; members of lists by their names. */
              field: string;
              /** @description Absent where it was not there, or is large. */
              before?: unknown;
              /** @description Absent where it is gone, or is large. */
              after?: unknown;
              /** @description The same in words. */
              text: string;
            }[];
            others?: {
              /** @description One of the fields in `changes`. */
              field: string;
              by: {
                kind: string;
                /** @description Id of the token. */
                id: string;
                /** @description Its name at that time. */
                name?: string;
              };
              /** @description Of their change. */
              version: number;
              atMs: number;
              /** @description True where it is again as before their change. */
              takenBack: boolean;
            }[];
            /** @description Rollouts that a flag’s document started. */
            started?: string[];
            /** @description True where nothing was changed by it. */
            dryRun?: boolean;
            documents: ({
              /** @enum {string} */
              kind: 'flag' | 'plan' | 'metric' | 'segment';
              key: string;
              changed: boolean;
              version: number;
              created?: boolean;
              changes?: {
                /** @description A JSON pointer into the document; members of lists by their names. */
                field: string;
                /** @description Absent where it was not there, or is large. */
                before?: unknown;
                /** @description Absent where it is gone, or is large. */
                after?: unknown;
                /** @description The same in words. */
                text: string;
              }[];
              others?: {
                /** @description One of the fields in `changes`. */
                field: string;
                by: {
                  kind: string;
                  /** @description Id of the token. */
                  id: string;
                  /** @description Its name at that time. */
                  name?: string;
                };
                /** @description Of their change. */
                version: number;
                atMs: number;
                /** @description True where it is again as before their change. */
                takenBack: boolean;
              }[];
              started?: string[];
              rolledBack?: string[];
            } & {
              [key: string]: unknown;
            })[];
          } & {
            [key: string]: unknown;
          };
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  putOverrides: {
    parameters: {
      query?: never;
      header?: {
        /** @description A retry with the same key changes nothing twice. Made if absent. */
        'idempotency-key'?: string;
        /** @description Stands in every event and log line of the request. */
        'correlation-id'?: string;
        /** @description The version that was read, in quotes, of what the path names; not on the way down. */
        'if-match'?: string;
        /** @description Why, percent-encoded; for routes whose body is a document. */
        justification?: string;
      };
      path: {
        project: string;
        environment: string;
        flag: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          unit: string;
          /** @description Null takes it away. */
          variant: string | null;
        }[];
      };
    };
    responses: {
      /** @description What the change led to. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Answer'];
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listSegments: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        project: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            segments: {
              key: string;
              owner: string;
              /** @description A condition. */
              if: unknown;
              /** @description The document with every default written out, and the version it was read at. */
              document: {
                [key: string]: unknown;
              };
              version: number;
            }[];
          };
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getSegment: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        project: string;
        segment: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            key: string;
            owner: string;
            /** @description A condition. */
            if: unknown;
            /** @description The document with every default written out, and the version it was read at. */
            document: {
              [key: string]: unknown;
            };
            version: number;
          };
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  putSegment: {
    parameters: {
      query?: {
        /** @description Allow what raises somebody at once (docs/changes.md); needs a justification. */
        atOnce?: boolean;
        /** @description Only say what would change, or why not; change nothing. */
        dryRun?: boolean;
      };
      header?: {
        /** @description A retry with the same key changes nothing twice. Made if absent. */
        'idempotency-key'?: string;
        /** @description Stands in every event and log line of the request. */
        'correlation-id'?: string;
        /** @description The version that was read, in quotes, of what the path names; not on the way down. */
        'if-match'?: string;
        /** @description Why, percent-encoded; for routes whose body is a document. */
        justification?: string;
      };
      path: {
        project: string;
        segment: string;
      };
      cookie?: never;
    };
    /** @description A segment document. */
    requestBody: {
      content: {
        'application/json': {
          [key: string]: unknown;
        };
      };
    };
    responses: {
      /** @description What the change led to. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Answer'];
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeSegment: {
    parameters: {
      query?: never;
      header?: {
        /** @description A retry with the same key changes nothing twice. Made if absent. */
        'idempotency-key'?: string;
        /** @description Stands in every event and log line of the request. */
        'correlation-id'?: string;
        /** @description The version that was read, in quotes, of what the path names; not on the way down. */
        'if-match'?: string;
        /** @description Why, percent-encoded; for routes whose body is a document. */
        justification?: string;
      };
      path: {
        project: string;
        segment: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': {
          /** @description Why; kept outside the hash chain. */
          justification?: string;
          /** @description Versions that were read, by subject such as `flag:new-checkout`. */
          expectedVersions?: {
            [key: string]: number;
          };
        } | null;
      };
    };
    responses: {
      /** @description What the change led to. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Answer'];
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listMetrics: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        project: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            metrics: {
              key: string;
              /** @description Log position of its document; 0 where it is built in. */
              version: number;
              builtIn: boolean;
              /** @enum {string} */
              kind: 'share' | 'quantile' | 'mean' | 'conversion' | 'funnel' | 'retention';
              /** @enum {string} */
              worse: 'higher' | 'lower';
              source: unknown;
              owner: string;
              description: string;
              /** @description The document with every default written out, and the version it was read at. */
              document: {
                [key: string]: unknown;
              };
            }[];
          };
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getMetric: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        project: string;
        metric: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            key: string;
            /** @description Log position of its document; 0 where it is built in. */
            version: number;
            builtIn: boolean;
            /** @enum {string} */
            kind: 'share' | 'quantile' | 'mean' | 'conversion' | 'funnel' | 'retention';
            /** @enum {string} */
            worse: 'higher' | 'lower';
            source: unknown;
            owner: string;
            description: string;
            /** @description The document with every default written out, and the version it was read at. */
            document: {
              [key: string]: unknown;
            };
          };
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  putMetric: {
    parameters: {
      query?: {
        /** @description Only say what would change, or why not; change nothing. */
        dryRun?: boolean;
      };
      header?: {
        /** @description A retry with the same key changes nothing twice. Made if absent. */
        'idempotency-key'?: string;
        /** @description Stands in every event and log line of the request. */
        'correlation-id'?: string;
        /** @description The version that was read, in quotes, of what the path names; not on the way down. */
        'if-match'?: string;
        /** @description Why, percent-encoded; for routes whose body is a document. */
        justification?: string;
      };
      path: {
        project: string;
        metric: string;
      };
      cookie?: never;
    };
    /** @description A metric document. */
    requestBody: {
      content: {
        'application/json': {
          [key: string]: unknown;
        };
      };
    };
    responses: {
      /** @description What the change led to. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Answer'];
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeMetric: {
    parameters: {
      query?: never;
      header?: {
        /** @description A retry with the same key changes nothing twice. Made if absent. */
        'idempotency-key'?: string;
        /** @description Stands in every event and log line of the request. */
        'correlation-id'?: string;
        /** @description The version that was read, in quotes, of what the path names; not on the way down. */
        'if-match'?: string;
        /** @description Why, percent-encoded; for routes whose body is a document. */
        justification?: string;
      };
      path: {
        project: string;
        metric: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': {
          /** @description Why; kept outside the hash chain. */
          justification?: string;
          /** @description Versions that were read, by subject such as `flag:new-checkout`. */
          expectedVersions?: {
            [key: string]: number;
          };
        } | null;
      };
    };
    responses: {
      /** @description What the change led to. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Answer'];
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listPlans: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        project: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            plans: {
              /** @description The plan with every default filled in, durations in ms, shares per million. */
              plan: {
                [key: string]: unknown;
              };
              /** @description The document with every default written out, and the version it was read at. */
              document: {
                [key: string]: unknown;
              };
              version: number;
            }[];
          };
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getPlan: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        project: string;
        plan: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description The plan with every default filled in, durations in ms, shares per million. */
            plan: {
              [key: string]: unknown;
            };
            /** @description The document with every default written out, and the version it was read at. */
            document: {
              [key: string]: unknown;
            };
            version: number;
          };
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  putPlan: {
    parameters: {
      query?: {
        /** @description Only say what would change, or why not; change nothing. */
        dryRun?: boolean;
      };
      header?: {
        /** @description A retry with the same key changes nothing twice. Made if absent. */
        'idempotency-key'?: string;
        /** @description Stands in every event and log line of the request. */
        'correlation-id'?: string;
        /** @description The version that was read, in quotes, of what the path names; not on the way down. */
        'if-match'?: string;
        /** @description Why, percent-encoded; for routes whose body is a document. */
        justification?: string;
      };
      path: {
        project: string;
        plan: string;
      };
      cookie?: never;
    };
    /** @description A plan document. */
    requestBody: {
      content: {
        'application/json': {
          [key: string]: unknown;
        };
      };
    };
    responses: {
      /** @description What the change led to. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Answer'];
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listRehearsals: {
    parameters: {
      query?: {
        /** @description Key of a plan. */
        plan?: string;
        flag?: string;
      };
      header?: never;
      path: {
        project: string;
        environment: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            rehearsals: components['schemas']['Rehearsal'][];
          };
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  rehearse: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        project: string;
        environment: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description Key of a named plan or a plan; absent: the one that the flag declares. */
          plan?:
            | string
            | {
                [key: string]: unknown;
              };
          /** @description Whose traffic and declared plan it is. */
          flag?: string;
          /** @description Such as `errors x3 from 25%` (docs/rehearsal.md); absent: the standard ones. */
          scenarios?: string[];
          /** @description The standard scenarios as well as those named. */
          standard?: boolean;
          /** @description Of each scenario; 200. */
          runs?: number;
          seed?: string;
          /** @description Try what would mend what was found. */
          suggest?: boolean;
          /** @description Distinct units; absent: as seen lately. */
          unitsPerSecond?: number;
          daySwing?: number;
          /** @description Of the units of a later stage, those seen before. */
          returningShare?: number;
          /** @description Of all units, those in an audience of the plan. */
          audienceShare?: number;
          rates?: {
            [key: string]: number;
          };
        };
      };
    };
    responses: {
      /** @description Lines of JSON: progress, then the result or a problem. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/x-ndjson': components['schemas']['RehearsalLine'];
        };
      };
    };
  };
  getRollout: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        project: string;
        environment: string;
        flag: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Rollout'];
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  checkRollout: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        project: string;
        environment: string;
        flag: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': {
          /** @description Key of a named plan or a plan; absent: as declared. */
          plan?:
            | string
            | {
                [key: string]: unknown;
              };
          /** @description Target variant; absent: as declared. */
          to?: string;
        } | null;
      };
    };
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description A start would be taken now, whatever warnings there are. */
            ready: boolean;
            items: {
              code: string;
              /** @description There is nothing to say against it. */
              ok: boolean;
              /** @description A start is refused while it is so; else what is not `ok` is a warning. */
              stops: boolean;
              text: string;
              /** @description Empty where it is fine. */
              remedy: string;
            }[];
            /** @description What a start would be refused with now. */
            refusal?: {
              code: string;
              message: string;
              path: string;
              details?: unknown;
            };
          };
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  startRollout: {
    parameters: {
      query?: never;
      header?: {
        /** @description A retry with the same key changes nothing twice. Made if absent. */
        'idempotency-key'?: string;
        /** @description Stands in every event and log line of the request. */
        'correlation-id'?: string;
        /** @description The version that was read, in quotes, of what the path names; not on the way down. */
        'if-match'?: string;
        /** @description Why, percent-encoded; for routes whose body is a document. */
        justification?: string;
      };
      path: {
        project: string;
        environment: string;
        flag: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': {
          /** @description Why; kept outside the hash chain. */
          justification?: string;
          /** @description Versions that were read, by subject such as `flag:new-checkout`. */
          expectedVersions?: {
            [key: string]: number;
          };
          /** @description Key of a named plan or a plan; absent: as declared. */
          plan?:
            | string
            | {
                [key: string]: unknown;
              };
          /** @description Target variant; absent: as declared. */
          to?: string;
          /** @description Allow 100 % in the first stage. */
          atOnce?: boolean;
          /** @description Give units to arms anew instead of as in earlier attempts. */
          reshuffle?: boolean;
        } | null;
      };
    };
    responses: {
      /** @description What the change led to. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Answer'];
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  pauseRollout: {
    parameters: {
      query?: never;
      header?: {
        /** @description A retry with the same key changes nothing twice. Made if absent. */
        'idempotency-key'?: string;
        /** @description Stands in every event and log line of the request. */
        'correlation-id'?: string;
        /** @description The version that was read, in quotes, of what the path names; not on the way down. */
        'if-match'?: string;
        /** @description Why, percent-encoded; for routes whose body is a document. */
        justification?: string;
      };
      path: {
        project: string;
        environment: string;
        flag: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': {
          /** @description Why; kept outside the hash chain. */
          justification?: string;
          /** @description Versions that were read, by subject such as `flag:new-checkout`. */
          expectedVersions?: {
            [key: string]: number;
          };
        } | null;
      };
    };
    responses: {
      /** @description What the change led to. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Answer'];
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  resumeRollout: {
    parameters: {
      query?: never;
      header?: {
        /** @description A retry with the same key changes nothing twice. Made if absent. */
        'idempotency-key'?: string;
        /** @description Stands in every event and log line of the request. */
        'correlation-id'?: string;
        /** @description The version that was read, in quotes, of what the path names; not on the way down. */
        'if-match'?: string;
        /** @description Why, percent-encoded; for routes whose body is a document. */
        justification?: string;
      };
      path: {
        project: string;
        environment: string;
        flag: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': {
          /** @description Why; kept outside the hash chain. */
          justification?: string;
          /** @description Versions that were read, by subject such as `flag:new-checkout`. */
          expectedVersions?: {
            [key: string]: number;
          };
        } | null;
      };
    };
    responses: {
      /** @description What the change led to. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Answer'];
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  advanceRollout: {
    parameters: {
      query?: never;
      header?: {
        /** @description A retry with the same key changes nothing twice. Made if absent. */
        'idempotency-key'?: string;
        /** @description Stands in every event and log line of the request. */
        'correlation-id'?: string;
        /** @description The version that was read, in quotes, of what the path names; not on the way down. */
        'if-match'?: string;
        /** @description Why, percent-encoded; for routes whose body is a document. */
        justification?: string;
      };
      path: {
        project: string;
        environment: string;
        flag: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': {
          /** @description Why; kept outside the hash chain. */
          justification?: string;
          /** @description Versions that were read, by subject such as `flag:new-checkout`. */
          expectedVersions?: {
            [key: string]: number;
          };
        } | null;
      };
    };
    responses: {
      /** @description What the change led to. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Answer'];
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  rollbackRollout: {
    parameters: {
      query?: never;
      header?: {
        /** @description A retry with the same key changes nothing twice. Made if absent. */
        'idempotency-key'?: string;
        /** @description Stands in every event and log line of the request. */
        'correlation-id'?: string;
        /** @description The version that was read, in quotes, of what the path names; not on the way down. */
        'if-match'?: string;
        /** @description Why, percent-encoded; for routes whose body is a document. */
        justification?: string;
      };
      path: {
        project: string;
        environment: string;
        flag: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': {
          /** @description Why; kept outside the hash chain. */
          justification?: string;
          /** @description Versions that were read, by subject such as `flag:new-checkout`. */
          expectedVersions?: {
            [key: string]: number;
          };
        } | null;
      };
    };
    responses: {
      /** @description What the change led to. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Answer'];
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  completeRollout: {
    parameters: {
      query?: never;
      header?: {
        /** @description A retry with the same key changes nothing twice. Made if absent. */
        'idempotency-key'?: string;
        /** @description Stands in every event and log line of the request. */
        'correlation-id'?: string;
        /** @description The version that was read, in quotes, of what the path names; not on the way down. */
        'if-match'?: string;
        /** @description Why, percent-encoded; for routes whose body is a document. */
        justification?: string;
      };
      path: {
        project: string;
        environment: string;
        flag: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': {
          /** @description Why; kept outside the hash chain. */
          justification?: string;
          /** @description Versions that were read, by subject such as `flag:new-checkout`. */
          expectedVersions?: {
            [key: string]: number;
          };
        } | null;
      };
    };
    responses: {
      /** @description What the change led to. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Answer'];
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  tightenRollout: {
    parameters: {
      query?: never;
      header?: {
        /** @description A retry with the same key changes nothing twice. Made if absent. */
        'idempotency-key'?: string;
        /** @description Stands in every event and log line of the request. */
        'correlation-id'?: string;
        /** @description The version that was read, in quotes, of what the path names; not on the way down. */
        'if-match'?: string;
        /** @description Why, percent-encoded; for routes whose body is a document. */
        justification?: string;
      };
      path: {
        project: string;
        environment: string;
        flag: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description Why; kept outside the hash chain. */
          justification?: string;
          /** @description Versions that were read, by subject such as `flag:new-checkout`. */
          expectedVersions?: {
            [key: string]: number;
          };
          /** @description The plan as it is to be, more careful than before. */
          plan: {
            [key: string]: unknown;
          };
        };
      };
    };
    responses: {
      /** @description What the change led to. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Answer'];
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  endWatch: {
    parameters: {
      query?: never;
      header?: {
        /** @description A retry with the same key changes nothing twice. Made if absent. */
        'idempotency-key'?: string;
        /** @description Stands in every event and log line of the request. */
        'correlation-id'?: string;
        /** @description The version that was read, in quotes, of what the path names; not on the way down. */
        'if-match'?: string;
        /** @description Why, percent-encoded; for routes whose body is a document. */
        justification?: string;
      };
      path: {
        project: string;
        environment: string;
        flag: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': {
          /** @description Why; kept outside the hash chain. */
          justification?: string;
          /** @description Versions that were read, by subject such as `flag:new-checkout`. */
          expectedVersions?: {
            [key: string]: number;
          };
        } | null;
      };
    };
    responses: {
      /** @description What the change led to. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Answer'];
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  downFlag: {
    parameters: {
      query?: never;
      header?: {
        /** @description A retry with the same key changes nothing twice. Made if absent. */
        'idempotency-key'?: string;
        /** @description Stands in every event and log line of the request. */
        'correlation-id'?: string;
        /** @description The version that was read, in quotes, of what the path names; not on the way down. */
        'if-match'?: string;
        /** @description Why, percent-encoded; for routes whose body is a document. */
        justification?: string;
      };
      path: {
        project: string;
        environment: string;
        flag: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': {
          /** @description Why; kept outside the hash chain. */
          justification?: string;
          /** @description Versions that were read, by subject such as `flag:new-checkout`. */
          expectedVersions?: {
            [key: string]: number;
          };
        } | null;
      };
    };
    responses: {
      /** @description What the change led to. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Answer'];
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  upFlag: {
    parameters: {
      query?: never;
      header?: {
        /** @description A retry with the same key changes nothing twice. Made if absent. */
        'idempotency-key'?: string;
        /** @description Stands in every event and log line of the request. */
        'correlation-id'?: string;
        /** @description The version that was read, in quotes, of what the path names; not on the way down. */
        'if-match'?: string;
        /** @description Why, percent-encoded; for routes whose body is a document. */
        justification?: string;
      };
      path: {
        project: string;
        environment: string;
        flag: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': {
          /** @description Why; kept outside the hash chain. */
          justification?: string;
          /** @description Versions that were read, by subject such as `flag:new-checkout`. */
          expectedVersions?: {
            [key: string]: number;
          };
        } | null;
      };
    };
    responses: {
      /** @description What the change led to. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Answer'];
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  explainFlag: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        project: string;
        environment: string;
        flag: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description Evaluation context. */
          context: {
            [key: string]: unknown;
          };
          /** @description A version of the past; absent: the present one. */
          atVersion?: number;
        };
      };
    };
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            version: number;
            explanation: unknown;
            /** @description The explanation for people, line by line. */
            text: string[];
          };
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getLatestProof: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        project: string;
        environment: string;
        flag: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Proof'];
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getProof: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        project: string;
        proof: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Proof'];
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getSnapshot: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        project: string;
        environment: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            [key: string]: unknown;
          };
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listInstances: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        project: string;
        environment: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description Present snapshot version of the environment. */
            version: number;
            instances: {
              id: string;
              service: string;
              /** @description acking, sent, polling or ephemeral. */
              class: string;
              live: boolean;
              /** @description Id of the token that it last spoke with. */
              token?: string;
              /** @description Live as far as is known, and unable to say anything: its token was revoked. */
              cutOff: boolean;
              /** @description Newest version known to be in use. */
              version?: number;
              versionSinceMs?: number;
              firstContactAtMs: number;
              lastContactAtMs: number;
              lastReportAtMs?: number;
              reportsReceived: number;
              /** @description Reports missing in the sequence so far. */
              reportsLost: number;
              /** @description Items that the instance itself left out. */
              itemsDropped: number;
              streamOpen: boolean;
              /** @description Since when nothing of what waits for it on its stream is taken; known while a proof waits for it. */
              streamStalledSinceMs?: number;
              sdk?: string;
              /** @description Flags that it cannot read; it serves its code defaults for them. */
              unreadable?: {
                flags: string[];
                more: number;
              };
              /** @description A version later than the one in use that it could not use. */
              refused?: {
                version?: number;
                why: string;
                atMs: number;
              };
              left?: {
                why: string;
                atMs: number;
              };
            }[];
            /** @description Tokens that have as many instances as they may, and whose new ones were refused. */
            refused: {
              token: string;
              service: string;
              /** @description Requests that were refused; of how many is not known. */
              requests: number;
              lastAtMs: number;
            }[];
          };
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  excludeSource: {
    parameters: {
      query?: never;
      header?: {
        /** @description A retry with the same key changes nothing twice. Made if absent. */
        'idempotency-key'?: string;
        /** @description Stands in every event and log line of the request. */
        'correlation-id'?: string;
        /** @description The version that was read, in quotes, of what the path names; not on the way down. */
        'if-match'?: string;
        /** @description Why, percent-encoded; for routes whose body is a document. */
        justification?: string;
      };
      path: {
        project: string;
        environment: string;
        flag: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description Why; kept outside the hash chain. */
          justification?: string;
          /** @description Versions that were read, by subject such as `flag:new-checkout`. */
          expectedVersions?: {
            [key: string]: number;
          };
          service: string;
          /** @description Absent: all of the service. */
          instance?: string;
        };
      };
    };
    responses: {
      /** @description What the change led to. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Answer'];
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  includeSource: {
    parameters: {
      query?: never;
      header?: {
        /** @description A retry with the same key changes nothing twice. Made if absent. */
        'idempotency-key'?: string;
        /** @description Stands in every event and log line of the request. */
        'correlation-id'?: string;
        /** @description The version that was read, in quotes, of what the path names; not on the way down. */
        'if-match'?: string;
        /** @description Why, percent-encoded; for routes whose body is a document. */
        justification?: string;
      };
      path: {
        project: string;
        environment: string;
        flag: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description Why; kept outside the hash chain. */
          justification?: string;
          /** @description Versions that were read, by subject such as `flag:new-checkout`. */
          expectedVersions?: {
            [key: string]: number;
          };
          service: string;
          /** @description Absent: all of the service. */
          instance?: string;
        };
      };
    };
    responses: {
      /** @description What the change led to. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Answer'];
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  retireInstance: {
    parameters: {
      query?: never;
      header?: {
        /** @description A retry with the same key changes nothing twice. Made if absent. */
        'idempotency-key'?: string;
        /** @description Stands in every event and log line of the request. */
        'correlation-id'?: string;
        /** @description The version that was read, in quotes, of what the path names; not on the way down. */
        'if-match'?: string;
        /** @description Why, percent-encoded; for routes whose body is a document. */
        justification?: string;
      };
      path: {
        project: string;
        environment: string;
        instance: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': {
          /** @description Why; kept outside the hash chain. */
          justification?: string;
          /** @description Versions that were read, by subject such as `flag:new-checkout`. */
          expectedVersions?: {
            [key: string]: number;
          };
          /** @description Needed where several services have an instance of that name. */
          service?: string;
        } | null;
      };
    };
    responses: {
      /** @description What the change led to. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Answer'];
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  retireToken: {
    parameters: {
      query?: never;
      header?: {
        /** @description A retry with the same key changes nothing twice. Made if absent. */
        'idempotency-key'?: string;
        /** @description Stands in every event and log line of the request. */
        'correlation-id'?: string;
        /** @description The version that was read, in quotes, of what the path names; not on the way down. */
        'if-match'?: string;
        /** @description Why, percent-encoded; for routes whose body is a document. */
        justification?: string;
      };
      path: {
        project: string;
        environment: string;
        /** @description Its id. */
        token: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': {
          /** @description Why; kept outside the hash chain. */
          justification?: string;
          /** @description Versions that were read, by subject such as `flag:new-checkout`. */
          expectedVersions?: {
            [key: string]: number;
          };
        } | null;
      };
    };
    responses: {
      /** @description What the change led to. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Answer'];
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  readLog: {
    parameters: {
      query?: {
        /** @description Only events behind it. */
        after?: number;
        limit?: number;
        /** @description Such as `default/flag:new-checkout`. */
        subject?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            events: {
              position: number;
              previousHash: string;
              hash: string;
              subject: string;
              /** @description Null where it was erased. */
              justification?: string | null;
              body: unknown;
              /**
               * @description What is about environments that the token is not for was left out: `hash` is of the whole.
               * @enum {boolean}
               */
              partial?: true;
            }[];
            /** @description `after` of the next page, if there is one. */
            next?: number;
          };
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  verifyLog: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            intact: boolean;
            /** @description Last position, or the first that is broken. */
            position: number;
            hash?: string;
            reason?: string;
          };
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listTokens: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            tokens: {
              id: string;
              name: string;
              kind: 'admin' | 'person' | 'service' | 'sdk';
              project?: string;
              environment?: string;
              service?: string;
              rights: ('view' | 'change' | 'admin')[];
            }[];
          };
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  issueToken: {
    parameters: {
      query?: never;
      header?: {
        /** @description A retry with the same key changes nothing twice. Made if absent. */
        'idempotency-key'?: string;
        /** @description Stands in every event and log line of the request. */
        'correlation-id'?: string;
        /** @description The version that was read, in quotes, of what the path names; not on the way down. */
        'if-match'?: string;
        /** @description Why, percent-encoded; for routes whose body is a document. */
        justification?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          name: string;
          kind: 'admin' | 'person' | 'service' | 'sdk';
          /** @description Absent: all; for an SDK `default`. */
          project?: string;
          /** @description For an SDK `production` if absent. */
          environment?: string;
          /** @description Of an SDK; its name if absent. */
          service?: string;
          /** @description `view` if absent. */
          rights?: ('view' | 'change' | 'admin')[];
          justification?: string;
        };
      };
    };
    responses: {
      /** @description The token. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description False where everything was as asked already. */
            changed: boolean;
            /** @description Log position of what is now so. */
            version: number;
            /** @description Log position of the last event of this change. */
            position: number;
            events: {
              position: number;
              type: string;
            }[];
            /** @description Id of the rollback proof. */
            proof?: string | null;
            /** @description Of a put: there was none before. */
            created?: boolean;
            changes?: {
              /** @description A JSON pointer into the document; members of lists by their names. */
              field: string;
              /** @description Absent where it was not there, or is large. */
              before?: unknown;
              /** @description Absent where it is gone, or is large. */
              after?: unknown;
              /** @description The same in words. */
              text: string;
            }[];
            others?: {
              /** @description One of the fields in `changes`. */
              field: string;
              by: {
                kind: string;
                /** @description Id of the token. */
                id: string;
                /** @description Its name at that time. */
                name?: string;
              };
              /** @description Of their change. */
              version: number;
              atMs: number;
              /** @description True where it is again as before their change. */
              takenBack: boolean;
            }[];
            /** @description Rollouts that a flag’s document started. */
            started?: string[];
            /** @description True where nothing was changed by it. */
            dryRun?: boolean;
            id: string;
            /** @description Shown this once; null when a retry is answered. */
            token: string | null;
          };
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  revokeToken: {
    parameters: {
      query?: never;
      header?: {
        /** @description A retry with the same key changes nothing twice. Made if absent. */
        'idempotency-key'?: string;
        /** @description Stands in every event and log line of the request. */
        'correlation-id'?: string;
        /** @description The version that was read, in quotes, of what the path names; not on the way down. */
        'if-match'?: string;
        /** @description Why, percent-encoded; for routes whose body is a document. */
        justification?: string;
      };
      path: {
        /** @description Its id. */
        token: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': {
          /** @description Why; kept outside the hash chain. */
          justification?: string;
          /** @description Versions that were read, by subject such as `flag:new-checkout`. */
          expectedVersions?: {
            [key: string]: number;
          };
        } | null;
      };
    };
    responses: {
      /** @description What the change led to. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Answer'];
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  backup: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description On the server. */
            path: string;
            position: number;
            hash: string;
            bytes: number;
          };
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getSdkSnapshot: {
    parameters: {
      query?: {
        /** @description Must be the project of the token. */
        project?: string;
        /** @description Must be the environment of the token. */
        environment?: string;
      };
      header?: {
        /** @description Name of the sending process, unique per start. Required. */
        'downhaul-instance'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            [key: string]: unknown;
          };
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  openSdkStream: {
    parameters: {
      query?: {
        /** @description Must be the project of the token. */
        project?: string;
        /** @description Must be the environment of the token. */
        environment?: string;
        /** @description Content hash of the version held. */
        hash?: string;
      };
      header?: {
        /** @description Name of the sending process, unique per start. Required. */
        'downhaul-instance'?: string;
        /** @description The version held. */
        'last-event-id'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Events `hello`, `snapshot`, `delta` and `heartbeat`. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/event-stream': string;
        };
      };
    };
  };
  postReport: {
    parameters: {
      query?: {
        /** @description Must be the project of the token. */
        project?: string;
        /** @description Must be the environment of the token. */
        environment?: string;
      };
      header?: {
        /** @description Name of the sending process, unique per start. Required. */
        'downhaul-instance'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          instance: string;
          sequence: number;
          sentAtMs: number;
          /** @description What ended by then is in this report or in an earlier one. */
          throughMs?: number;
          version: number;
          exposures: {
            flag: string;
            rollout: string;
            stage: number;
            allocation: number;
            arm: 'control' | 'treatment';
            served: boolean;
            version: number;
            /** @description `unitHash` of the unit. */
            unit: string;
            atMs: number;
            /** @description What the context said of the attributes that the rollout’s plan tells apart. */
            slices?: {
              [key: string]: string;
            };
            /**
             * @description Traffic that no person made: measured apart, in no arm.
             * @enum {boolean}
             */
            synthetic?: true;
          }[];
          outcomes: {
            /** @description `unitHash` of the unit. */
            unit: string;
            metric: string;
            atMs: number;
            value: number;
            lastAtMs?: number;
            /** @description Of a tracked metric; absent: each time counts as 1. */
            values?: {
              sum: number;
              largest: number;
              last: number;
            };
            flag?: string;
            /**
             * @description Traffic that no person made: measured apart, in no arm.
             * @enum {boolean}
             */
            synthetic?: true;
          }[];
          activity: {
            flag: string;
            rollout: string;
            stage: number;
            arm: 'control' | 'treatment';
            version: number;
            count: number;
            lastAtMs: number;
            /**
             * @description Traffic that no person made: measured apart, in no arm.
             * @enum {boolean}
             */
            synthetic?: true;
          }[];
          dropped: {
            exposures: number;
            outcomes: number;
          };
          /** @description What the instance saw, whether or not anything is measured. */
          traffic?: {
            sinceMs: number;
            /** @description Distinct units of the requests that ended. */
            units: number;
            /** @description By metric: how often, and how often badly. */
            metrics: {
              [key: string]: {
                count: number;
                bad: number;
              };
            };
          };
          /** @description Flags evaluated and not told of yet; absent: the instance may evaluate any of them. */
          evaluates?: string[];
        };
      };
    };
    responses: {
      /** @description What was taken; it is durable. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description Items that were taken. */
            accepted: number;
            /** @description True for a report that had been received before. */
            duplicate: boolean;
            /** @description Items that count nowhere, by cause. */
            droppedItems: {
              [key: string]: number;
            };
          };
        };
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  postAcknowledgement: {
    parameters: {
      query?: {
        /** @description Must be the project of the token. */
        project?: string;
        /** @description Must be the environment of the token. */
        environment?: string;
      };
      header?: {
        /** @description Name of the sending process, unique per start. Required. */
        'downhaul-instance'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          instance: string;
          version: number;
          sdk: {
            name: string;
            version: string;
            formatVersion: number;
          };
          capabilities: string[];
          reportsExposures: boolean;
          sentAtMs: number;
          /** @description Flags that the instance cannot read: it serves its code defaults for them. */
          unreadable?: string[];
          /** @description How many more such flags there are. */
          unreadableMore?: number;
          /** @description A version that could not be used. `version` is then what is used, or 0. */
          refused?: {
            version?: number;
            why: string;
          };
        };
      };
    };
    responses: {
      /** @description Taken, and durable. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  postGoodbye: {
    parameters: {
      query?: {
        /** @description Must be the project of the token. */
        project?: string;
        /** @description Must be the environment of the token. */
        environment?: string;
      };
      header?: {
        /** @description Name of the sending process, unique per start. Required. */
        'downhaul-instance'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          instance: string;
          lastSequence: number;
        };
      };
    };
    responses: {
      /** @description Taken, and durable. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Nothing was changed. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing was changed. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
}
