#!/usr/bin/env node
import '../dist/notarykit-containerd-verifier.cjs';
