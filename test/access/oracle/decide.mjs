// Decides over one simulation a line of the standard input: {"result": …}, or {"error": …} where it is refused.
import readline from 'node:readline'
import { runSimulation } from '@cloud-copilot/iam-simulate'

for await (const line of readline.createInterface({ input: process.stdin })) {
  const r = await runSimulation(JSON.parse(line), {})
  console.log(JSON.stringify(r.resultType === 'error' ? { error: r.errors } : { result: r.overallResult }))
}
