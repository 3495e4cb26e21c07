import { attach } from 'notarykit/internal';
import { type Command, UsageError } from '../shell/command.js';
import { referenceOf } from '../shell/described.js';
import { exportManifest, packingOptions, readPacking } from '../shell/packing.js';
import { withProgress } from '../shell/progress.js';
import { onePlatformOption, resolveOne } from '../shell/resolving.js';
import { keylessTargetOptions, onlyTargetOf } from '../shell/target.js';

export const attachCommand: Command = {
  usage: 'attach <reference> [files...]',
  summary: 'Attach files to an artifact, unsigned; "sign --file" signs them, too',
  options: { ...packingOptions, platform: onePlatformOption, ...keylessTargetOptions },
  examples: [
    'attach --artifact-type sbom/example registry.example.com/net-monitor:v1 sbom.json:application/json',
    'attach --artifact-type doc/example --annotation approved=yes registry.example.com/net-monitor:v1',
  ],
  async run(args, terminal, call) {
    const [reference = '', ...files] = args.positionals;
    const artifactType = args.required('artifact-type');
    const packing = await readPacking(args, files);
    if (files.length === 0 && packing.annotations === undefined)
      throw new UsageError('name the files to attach, or say something with --annotation');
    const target = await onlyTargetOf(args, reference);
    const repository = withProgress(target.repository, terminal);
    const packed = await attach(repository, await resolveOne(args, target, call), {
      ...call,
      ...packing,
      artifactType,
    });
    await target.save();
    await exportManifest(args, packed);
    const { descriptor, subject } = packed;
    const text = `attached ${repository.name}@${descriptor.digest}\nto ${repository.name}@${subject.digest}`;
    terminal.result(referenceOf(repository.name, descriptor), text);
    return 0;
  },
};
