// Follow new and finalised heads, and the storage of the block number, for three blocks each.
//   heads.mjs URL

import { ApiPromise, WsProvider } from '@polkadot/api';

const [url] = process.argv.slice(2);
const api = await ApiPromise.create({ provider: new WsProvider(url), noInitWarn: true });
const COUNT = 3;

const collect = (subscribe, value) => new Promise((resolve, reject) => {
  const seen = [];
  const stop = subscribe((item) => {
    seen.push(value(item));
    if (seen.length === COUNT) stop.then((unsubscribe) => unsubscribe()).then(() => resolve(seen), reject);
  });
  stop.catch(reject);
});

const headers = (header) => ({ number: header.number.toNumber(), hash: header.hash.toHex(), parent: header.parentHash.toHex() });
const [best, finalised, numbers] = await Promise.all([
  collect((push) => api.rpc.chain.subscribeNewHeads(push), headers),
  collect((push) => api.rpc.chain.subscribeFinalizedHeads(push), headers),
  collect((push) => api.query.system.number(push), (number) => number.toNumber()),
]);

console.log(JSON.stringify({ best, finalised, numbers }));
process.exit(0);
