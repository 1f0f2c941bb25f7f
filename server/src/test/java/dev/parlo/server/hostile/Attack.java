package dev.parlo.server.hostile;

import java.util.Random;

/** One kind of input that a server must survive. Used by several threads. */
interface Attack {
    /** Sends it once and reads what comes; answers what the server said, such as a status. */
    String once(Target target, Random random) throws Exception;
}
