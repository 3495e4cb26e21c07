#!/usr/bin/env node
import '../dist/registry-cli.js';
