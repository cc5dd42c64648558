import { BUFFER_LENGTH, type Endpoint } from './peer.js';

/** nginx closes idle connections once it has less than a sixteenth left; the waiting publishers are idle. */
const CONNECTION_SLACK = 1.25;
/** Descriptors that nginx uses besides its clients' connections. */
const SPARE_CONNECTIONS = 512;
/** Events that may wait for the logic process: more than can be under way, so that none is trimmed away unseen. */
const EVENT_BUFFER_LENGTH = 10_000;

export interface NchanSettings {
  readonly endpoint: Endpoint;
  /** for its temporary files and its pid */
  readonly folder: string;
  /** the file of the Nchan module */
  readonly module: string;
  readonly connections: number;
  /** a Redis to keep the messages in; in nginx's own memory when left out */
  readonly redis?: Endpoint | undefined;
}

/** An nginx.conf with what the scenarios need and nothing that costs: no logs, no limit to the requests of a connection. */
export function nchanConfiguration({ endpoint, folder, module, connections, redis }: NchanSettings): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const descriptors = connections + SPARE_CONNECTIONS;
  const upstream = redis ? `upstream store { nchan_redis_server redis://${redis.host}:${redis.port}; }` : '';
  // In each location: from the server around them they do not inherit it, and Nchan says nothing.
  const channel = redis ? 'nchan_redis_pass store; nchan_channel_id' : 'nchan_channel_id';
  const workerConnections = Math.ceil(descriptors * CONNECTION_SLACK);
  return `
load_module ${module};
${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
worker_processes 1;
worker_rlimit_nofile ${descriptors};
pid ${folder}/nginx.pid;
error_log stderr error;
events { use epoll; worker_connections ${workerConnections}; }
http {
  access_log off;
  keepalive_timeout 1h;
  keepalive_requests 1000000000;
  ${temporary.map((name) => `${name}_temp_path ${folder}/tmp/${name};`).join('\n  ')}
  nchan_shared_memory_size 512M;
  nchan_message_timeout 2h;
  ${upstream}
  server {
    listen ${endpoint.host}:${endpoint.port} backlog=4096;
    location = /pub { nchan_publisher http; ${channel} $arg_id; nchan_message_buffer_length ${BUFFER_LENGTH}; }
    location = /sub { nchan_subscriber longpoll; ${channel} $arg_id; }
    location = /events/pub { nchan_publisher http; ${channel} events; nchan_message_buffer_length ${EVENT_BUFFER_LENGTH}; }
    location = /events/sub { nchan_subscriber longpoll; ${channel} events; }
  }
}
`;
}
