// Sign a transfer, send it and follow it until it is final.
//   transfer.mjs URL SENDER_URI DESTINATION VALUE_RAO

import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';

const [url, uri, destination, value] = process.argv.slice(2);
const api = await ApiPromise.create({ provider: new WsProvider(url), noInitWarn: true });
const sender = new Keyring({ type: 'sr25519' }).addFromUri(uri);
const call = api.tx.balances.transferKeepAlive(destination, value);
const quote = await call.paymentInfo(sender);
const statuses = [];

const result = await new Promise((resolve, reject) => {
  call.signAndSend(sender, (update) => {
    statuses.push(update.status.type);
    if (update.isError) reject(new Error(update.status.toString()));
    if (update.status.isFinalized) resolve(update);
  }).catch(reject);
});

const fee = result.events.find(({ event }) => event.method === 'TransactionFeePaid');
console.log(JSON.stringify({
  statuses,
  events: result.events.map(({ event }) => `${event.section}.${event.method}`),
  error: result.dispatchError ? result.dispatchError.toString() : null,
  quotedFeeRao: quote.partialFee.toString(),
  feeRao: fee ? fee.event.data.actualFee.toString() : null,
  block: result.blockNumber.toNumber(),
}));
process.exit(0);
