import { addressGuard } from '@afk/runtime/address';

/** The variable that allows webhooks on private addresses. */
export const PRIVATE_SETTING = 'AFK_ALLOW_PRIVATE_WEBHOOKS';
/** What every connection to a webhook goes through, unless that is allowed. */
export const webhookAddresses = addressGuard(PRIVATE_SETTING);

/**
 * What is wrong with a webhook's address, as far as it can be told without asking the network: a name that leads
 * inside is noticed when it is connected to. Undefined: nothing.
 */
export function webhookUrlFault(
  text: string,
  { allowPrivate }: { allowPrivate: boolean },
): string | undefined {
  // URL would overlook spaces and control characters; a person who pasted them should not.
  const url = /^https?:\/\/[^\s\p{Cc}]+$/iu.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (!url) return 'an http or https URL, such as https://lamp.example/hook';
  if (url.username || url.password)
    return 'must not hold a user name or password: deliveries are signed instead';
  return allowPrivate ? undefined : privateFault(url.hostname);
}

function privateFault(host: string): string | undefined {
  const local = /(^|\.)localhost\.?$/.test(host);
  try {
    webhookAddresses.assertPublic(host, local ? '127.0.0.1' : host);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
