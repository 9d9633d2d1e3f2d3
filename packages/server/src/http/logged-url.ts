/** Of a token its id may be said, its secret may not. */
const SECRET = /(dh_(?:admin|person|service|sdk)_[0-9a-f]{1,12})_[0-9a-f]+/gi;
const LONGEST = 1_000;

/**
 * The path of a request as it may be logged, and the names of its query parameters without their values:
 * people and tools put tokens, people's ids and e-mail addresses there. What stands in a fragment is left out.
 */
export function loggedUrl(url: string): string {
  const [target = ''] = url.split('#');
  const at = target.indexOf('?');
  const path = withoutUser(at < 0 ? target : target.slice(0, at));
  const names = at < 0 ? [] : parameterNames(target.slice(at + 1));
  const query = names.length === 0 ? '' : `?${names.join('&')}`;
  return withoutSecrets(`${decoded(path)}${query}`).slice(0, LONGEST);
}

/** A secret may be written with percent signs. What cannot be decoded leads to no route. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path.replaceAll(/%5f/gi, '_');
  }
}

function withoutSecrets(text: string): string {
  return text.replaceAll(SECRET, '$1_…');
}

/** A proxy's request names a whole address, which may have a user and a password. */
function withoutUser(path: string): string {
  return path.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, '$1');
}

/** Something without a value is taken for one without a name: `?secret` is as likely as `?all`. */
function parameterNames(query: string): readonly string[] {
  const names = query.split('&').flatMap((each) => {
    const end = each.indexOf('=');
    if (end < 0) return each === '' ? [] : ['…'];
    const name = each.slice(0, end);
    return [/^[\w.[\]-]{1,40}$/.test(name) ? name : '…'];
  });
  return [...new Set(names)];
}
