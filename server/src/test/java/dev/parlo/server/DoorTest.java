package dev.parlo.server;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Tests of the protocols of other services, against one real server a class. */
public abstract class DoorTest {
    @TempDir protected static Path home;
    protected static DoorServer server;

    @BeforeAll
    static void start() throws Exception {
        server = DoorServer.start(home);
    }

    @AfterAll
    static void stop() {
        server.close();
    }
}
