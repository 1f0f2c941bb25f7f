package dev.parlo.server.socket;

import dev.parlo.server.http.ApiError;
import java.time.Duration;

/**
 * The server's side of one conversation over a WebSocket. Its methods are called one at a time, in
 * the order of the client's messages, on a thread of its own: they may block, and meanwhile the
 * client is held back.
 */
public interface Conversation extends AutoCloseable {
    /** A message of text came. */
    void text(String message);

    /** A binary message came. */
    void binary(byte[] message);

    /** How long the client may be silent while there is nothing to do. */
    Duration patience();

    /** The client was silent for that long; the connection is closed afterwards. */
    void silent();

    /** One of the methods above failed; tells the client. The connection is closed afterwards. */
    void failed(ApiError error);

    /** The conversation is over, whoever ended it. */
    @Override
    void close();
}
