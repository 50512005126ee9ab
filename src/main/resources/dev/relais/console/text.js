// Numbers and times as people read them.

/** Milliseconds, in the unit that suits them; a dash for what is not known. */
export function millis(value) {
  if (value === undefined || value === null || value < 0) {
    return '–';
  }
  if (value < 10) {
    return value.toFixed(1) + ' ms';
  }
  if (value < 1000) {
    return Math.round(value) + ' ms';
  }
  return age(value);
}

/** A time that may be long. */
export function age(value) {
  const seconds = value / 1000;
  if (seconds < 10) {
    return seconds.toFixed(1) + ' s';
  }
  if (seconds < 120) {
    return Math.round(seconds) + ' s';
  }
  const minutes = Math.floor(seconds / 60);
  return minutes < 120 ? minutes + ' min' : Math.floor(minutes / 60) + ' h';
}

/** So many in a second. */
export function rate(value) {
  return value === 0 ? '0' : value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en');
}

/** A part of one. */
export function percent(value) {
  return value === undefined || value === null || value < 0 ? '–' : Math.round(value * 100) + ' %';
}

export function bytes(value) {
  return value < 1 << 20 ? Math.round(value / 1024) + ' KiB' : Math.round(value / (1 << 20)) + ' MiB';
}

/** The time of day of a moment in milliseconds or as ISO text. */
export function clock(moment) {
  return new Date(moment).toLocaleTimeString('en-GB');
}

/** One or more of something. */
export function count(number, one, many) {
  return number + ' ' + (number === 1 ? one : many);
}
