/** What every route needs of HTTP: errors, forms, server-sent events, the log line of a request. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.http;
