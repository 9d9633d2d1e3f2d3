/** Sent in acknowledgements and as user agent; a test holds it to package.json. */
export const SDK_NAME = '@downhaul/sdk';
export const SDK_VERSION = '0.1.0';
