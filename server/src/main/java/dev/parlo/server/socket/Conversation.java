package dev.parlo.server.socket;

import dev.parlo.server.http.ApiError;
import java.time.Duration;

/**
 * The server's side of one conversation over a WebSocket. Messages come one at a time, in their
 * order, and are only looked at: what takes time is handed to the conversation's {@link Tasks}, so
 * that the next message is heard meanwhile. Everything else is called by the thread of the tasks.
 */
public interface Conversation extends AutoCloseable {
    /**
     * A message of text came. Returns at once; what it throws is told when the tasks before it are
     * done.
     */
    void text(String message);

    /** A binary message came. Otherwise as {@link #text}. */
    void binary(byte[] message);

    /** How long the client may be silent while there is nothing to do. */
    Duration patience();

    /** The client was silent for that long; the connection is closed afterwards. */
    void silent();

    /** A message or a task failed; tells the client. The connection is closed afterwards. */
    void failed(ApiError error);

    /** The conversation is over, ended by the client or by the server. */
    @Override
    void close();
}
