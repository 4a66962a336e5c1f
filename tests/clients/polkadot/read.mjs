// Read the chain's name, an account and a map, and recompute the hash of a header from its fields.
//   read.mjs URL ADDRESS

import { ApiPromise, WsProvider } from '@polkadot/api';

const [url, address] = process.argv.slice(2);
const api = await ApiPromise.create({ provider: new WsProvider(url), noInitWarn: true });

const account = await api.query.system.account(address);
const networks = await api.query.subtensorModule.networksAdded.entries();
const several = await api.query.subtensorModule.tempo.multi([0, 1]);
const price = await api.call.swapRuntimeApi.currentAlphaPrice(0);
const hash = await api.rpc.chain.getBlockHash(1);
const header = await api.rpc.chain.getHeader(hash);

console.log(JSON.stringify({
  chain: (await api.rpc.system.chain()).toString(),
  decimals: api.registry.chainDecimals,
  token: api.registry.chainTokens,
  specVersion: api.runtimeVersion.specVersion.toNumber(),
  metadataVersion: api.runtimeMetadata.version,
  freeRao: account.data.free.toString(),
  networks: networks.map(([key, added]) => [key.args[0].toNumber(), added.isTrue]),
  tempos: several.map((tempo) => tempo.toNumber()),
  priceOfRoot: price.toString(),
  existentialDeposit: api.consts.balances.existentialDeposit.toString(),
  hash: hash.toHex(),
  recomputedHash: header.hash.toHex(),
}));
process.exit(0);
