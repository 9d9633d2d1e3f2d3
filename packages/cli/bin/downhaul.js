#!/usr/bin/env node
'use strict';

// Plain old JavaScript, so that every Node can read it: one that is too old for the command itself
// hands over to a newer one that was installed beside it, or says in one line what to do.
var fs = require('fs');
var path = require('path');
var url = require('url');

var WANTED = 24;
var SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
// At once: whoever started this process may be gone a moment later.
var PARENT = process.ppid;
var source = path.join(__dirname, '..', 'src', 'process.ts');
var built = path.join(__dirname, '..', 'dist', 'process.js');

if (parseInt(process.versions.node, 10) >= WANTED) start();
else handOver(findNewerNode());

function start() {
  // From the beginning: the first process of a container never gets a signal that it does not listen to.
  var early = listenEarly();
  var handedOver = Number(process.env.DOWNHAUL_HANDED_OVER);
  delete process.env.DOWNHAUL_HANDED_OVER;
  var checkout = fs.existsSync(source);
  if (checkout) readSources();
  import(url.pathToFileURL(checkout ? source : built).href).then(
    function (command) {
      var parents = handedOver > 0 ? [PARENT, handedOver] : [PARENT];
      return command.runProcess({ parents: parents, takeSignals: early.take });
    },
    function (error) {
      console.error(error);
      process.exit(8);
    },
  );
}

function listenEarly() {
  var received = [];
  function note(signal) {
    received.push(signal);
  }
  SIGNALS.forEach(function (signal) {
    process.on(signal, note);
  });
  return {
    take: function () {
      SIGNALS.forEach(function (signal) {
        process.removeListener(signal, note);
      });
      return received;
    },
  };
}

// In a checkout the packages lead each other to their TypeScript under the condition `source`.
function readSources() {
  require('module').registerHooks({
    resolve: function (specifier, context, next) {
      var conditions = ['source'].concat(context.conditions);
      return next(specifier, Object.assign({}, context, { conditions: conditions }));
    },
  });
}

function findNewerNode() {
  var name = process.platform === 'win32' ? 'node.exe' : 'node';
  var directory = __dirname;
  for (;;) {
    var candidate = path.join(directory, 'node_modules', 'node', 'bin', name);
    if (fs.existsSync(candidate)) return candidate;
    if (path.dirname(directory) === directory) return undefined;
    directory = path.dirname(directory);
  }
}

function handOver(newer) {
  if (!newer || process.env.DOWNHAUL_HANDED_OVER) {
    console.error(
      'downhaul needs Node ' +
        WANTED +
        ' or newer and this is ' +
        process.versions.node +
        ': install it from https://nodejs.org, or run `npm install node@' +
        WANTED +
        '` here',
    );
    process.exitCode = 2;
    return;
  }
  var env = Object.assign({}, process.env, { DOWNHAUL_HANDED_OVER: String(PARENT) });
  var args = [__filename].concat(process.argv.slice(2));
  var stdio = ['inherit', 'inherit', 'inherit', 'ipc'];
  var child = require('child_process').spawn(newer, args, { stdio: stdio, env: env });
  SIGNALS.forEach(function (signal) {
    process.on(signal, function () {
      passOn(child, signal);
    });
  });
  child.on('error', function (error) {
    console.error('downhaul could not start ' + newer + ': ' + error.message);
    process.exitCode = 8;
  });
  child.on('exit', endLike);
}

// In words: a terminal sends its signals to both, and only so the other one knows that it was one and the same.
function passOn(child, signal) {
  if (!child.connected) child.kill(signal);
  else child.send({ signal: signal }, function () {});
}

function endLike(code, signal) {
  if (!signal) return process.exit(code);
  var status = 128 + require('os').constants.signals[signal];
  SIGNALS.forEach(function (each) {
    process.removeAllListeners(each);
  });
  process.kill(process.pid, signal);
  // The first process of a container does not end by its own signal.
  setTimeout(function () {
    process.exit(status);
  }, 500);
}
