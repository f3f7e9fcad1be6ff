// Loaded before each script: a client that would speak to anything but this machine fails at once.
import net from 'node:net';

const connect = net.Socket.prototype.connect;

net.Socket.prototype.connect = function (...args) {
  const options = Array.isArray(args[0]) ? args[0][0] : args[0];
  const host = typeof options === 'object' ? options.host : args[1];
  if (host !== undefined && !['127.0.0.1', '::1', 'localhost'].includes(host)) {
    throw new Error(`A client tried to reach ${host}.`);
  }
  return connect.apply(this, args);
};
