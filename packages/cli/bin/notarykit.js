#!/usr/bin/env node
import '../dist/notarykit.js';
