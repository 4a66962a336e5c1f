// Call every runtime API that the metadata describes, with an argument of each type, and decode the answer.
//   call_every_api.mjs URL ADDRESS NETUID

import { ApiPromise, WsProvider } from '@polkadot/api';

const [url, address, netuid] = process.argv.slice(2);
const api = await ApiPromise.create({ provider: new WsProvider(url), noInitWarn: true });

// The first rule that a type's name matches gives the argument; other types get their default.
const ARGUMENTS = [
  [/^Vec<AccountId/, [address]],
  [/^AccountId/, address],
  [/^Option</, null],
  [/Call$/, api.tx.balances.transferKeepAlive(address, 1)],
  [/^(u16|SubtensorRuntimeCommonNetUid)$/, Number(netuid)],
  [/^(u64|SubtensorRuntimeCommonCurrency\w+)$/, 1_000_000_000],
];

const argument = (type) => {
  const rule = ARGUMENTS.find(([pattern]) => pattern.test(type));
  return rule ? rule[1] : api.registry.createType(type);
};

const answered = [];
const failed = {};
for (const [section, methods] of Object.entries(api.call)) {
  for (const [method, call] of Object.entries(methods)) {
    const types = call.meta.params.map((param) => param.type.toString());
    if (types.some((type) => type.endsWith('UncheckedExtrinsic'))) continue; // paymentInfo() asks with a real one
    const name = `${section}.${method}`;
    try {
      await call(...types.map(argument));
      answered.push(name);
    } catch (error) {
      failed[name] = error.message;
    }
  }
}
console.log(JSON.stringify({ answered, failed }));
process.exit(0);
