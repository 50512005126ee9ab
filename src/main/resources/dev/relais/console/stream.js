// The state of the gateway as it comes once a second, over one connection. It only reads.

const MOMENTS = 600;
const EVENTS = 400;
const ERRORS = 50;
const REQUESTS = 100;
const AGAIN_MILLIS = 10000;

/** What has come last: null before the first message. */
export const state = { now: null, history: [], events: [], errors: [], requests: [], settings: new Map(), sites: [] };

/**
 * Begins to listen.
 *
 * @param changed called after each message
 * @param connection called with whether the stream is live, and what to say of it
 */
export function listen(changed, connection) {
  let source = null;

  function open() {
    source = new EventSource('console/events');
    source.addEventListener('all', event => {
      const data = JSON.parse(event.data);
      state.history = data.history;
      state.events = data.events;
      state.errors = data.errors;
      state.requests = data.requests;
      state.settings = new Map(data.settings.map(one => [one.name, one]));
      state.sites = data.sites;
      took(data);
    });
    source.addEventListener('now', event => {
      const data = JSON.parse(event.data);
      state.history = state.history.concat(data.history).slice(-MOMENTS);
      state.events = state.events.concat(data.events).slice(-EVENTS);
      state.errors = state.errors.concat(data.errors).slice(-ERRORS);
      state.requests = state.requests.concat(data.requests).slice(-REQUESTS);
      for (const site of state.sites) {
        site.served = data.sites[site.function] ?? site.served;
      }
      took(data);
    });
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) {
        connection(false, 'not connected: too many viewers, or no gateway; trying again');
        setTimeout(open, AGAIN_MILLIS);
      } else {
        connection(false, 'connection lost, trying again');
      }
    };
  }

  function took(data) {
    delete data.history;
    delete data.events;
    delete data.errors;
    delete data.requests;
    delete data.settings;
    delete data.sites;
    state.now = data;
    const stops = data.draining || state.events.some(event => event.type === 'stop-begun');
    connection(!stops, stops ? 'stopping' : 'live');
    changed();
  }

  open();
}
