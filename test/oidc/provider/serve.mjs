// A provider of OpenID Connect for tests: oidc-provider with its own pages for signing in, people and clients given as JSON on the command
// line. It writes the address at which it listens as its first line, and ends when its input does.
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const { people, clients } = JSON.parse(process.argv[2]);
const server = createServer((req, res) => handle(req, res));
let handle;
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients,
    cookies: { keys: ["only-for-tests"] },
    claims: { openid: ["sub"], email: ["email", "email_verified"], groups: ["groups"], profile: ["name"] },
    scopes: ["openid", "email", "groups", "profile"],
    pkce: { required: () => true },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
  });
  handle = provider.callback();
  console.log(issuer);
});
process.stdin.on("end", () => process.exit(0)).resume();
