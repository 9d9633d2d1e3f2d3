#!/usr/bin/env node
'use strict';

// Plain old JavaScript, so that every Node can read it: one that is too old for the command itself
// hands over to a newer one that was installed beside it, or says in one line what to do.
var fs = require('fs');
var path = require('path');
var url = require('url');

var WANTED = 24;
var source = path.join(__dirname, '..', 'src', 'process.ts');
var built = path.join(__dirname, '..', 'dist', 'process.js');

if (parseInt(process.versions.node, 10) >= WANTED) start();
else handOver(findNewerNode());

function start() {
  var checkout = fs.existsSync(source);
  if (checkout) readSources();
  import(url.pathToFileURL(checkout ? source : built).href).then(
    function (command) {
      return command.runProcess();
    },
    function (error) {
      console.error(error);
      process.exitCode = 8;
    },
  );
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
  var env = Object.assign({}, process.env, { DOWNHAUL_HANDED_OVER: '1' });
  var args = [__filename].concat(process.argv.slice(2));
  var child = require('child_process').spawn(newer, args, { stdio: 'inherit', env: env });
  ['SIGINT', 'SIGTERM', 'SIGHUP'].forEach(function (signal) {
    process.on(signal, function () {
      child.kill(signal);
    });
  });
  child.on('error', function (error) {
    console.error('downhaul could not start ' + newer + ': ' + error.message);
    process.exitCode = 8;
  });
  child.on('exit', function (code, signal) {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else process.exitCode = code;
  });
}
