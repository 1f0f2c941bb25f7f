package dev.parlo.server.runpod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Base64;
import java.util.function.IntPredicate;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

class JobOutputTest {
    private static final int MEGABYTE = 1_000_000;

    /** Takes parts, except for those that it is told to refuse. */
    private static final class Client implements JobHandler.Listener {
        private final IntPredicate takes;
        private int told;
        private long bytes;

        Client(IntPredicate takes) {
            this.takes = takes;
        }

        @Override
        public boolean part(JsonNode part) {
            if (!takes.test(told++)) {
                return false;
            }
            bytes += Base64.getDecoder().decode(part.path("audio_content").asString("")).length;
            return true;
        }

        @Override
        public void progress(String stage) {}
    }

    private static ArrayNode parts(int bytes, String type, JobHandler.Listener listener)
            throws IOException {
        byte[] body = new byte[bytes];
        if (type.contains("event")) {
            byte[] event =
                    ("data: {\"delta\": \"" + "x".repeat(980) + "\"}\n\n")
                            .getBytes(java.nio.charset.StandardCharsets.UTF_8);
            for (int at = 0; at + event.length <= bytes; at += event.length) {
                System.arraycopy(event, 0, body, at, event.length);
            }
            body = java.util.Arrays.copyOf(body, bytes / event.length * event.length);
        }
        try (Response response =
                new Response.Builder()
                        .request(new Request.Builder().url("http://127.0.0.1/").build())
                        .protocol(Protocol.HTTP_1_1)
                        .code(200)
                        .message("OK")
                        .body(ResponseBody.create(body, MediaType.get(type)))
                        .build()) {
            return JobOutput.parts(response, type, listener);
        }
    }

    @Test
    void fewPartsAreTheResultOnceMore() throws IOException {
        Client client = new Client(part -> true);
        assertThat(parts(3 * MEGABYTE, "audio/wav", client)).hasSize(client.told);
        assertThat(client.bytes).isBetween(3L * MEGABYTE, 3L * MEGABYTE);
        // One that was not taken on the way is in the result.
        assertThat(parts(3 * MEGABYTE, "audio/wav", new Client(part -> part != 1))).hasSize(6);
    }

    @Test
    void partsThatWereDeliveredAreNotKeptBeyondWhatThePlatformTakes() throws IOException {
        for (String type : new String[] {"audio/wav", "text/event-stream"}) {
            Client client = new Client(part -> true);
            assertThat(parts(40 * MEGABYTE, type, client)).as(type).isEmpty();
            assertThat(client.told).as(type).isGreaterThan(70);
        }
    }

    @Test
    void manyPartsOfWhichOneWasNotDeliveredAreAnErrorAndNotAResultWithAHole() {
        for (int lost : new int[] {0, 10, 50}) {
            Client client = new Client(part -> part != lost);
            assertThatThrownBy(() -> parts(40 * MEGABYTE, "audio/wav", client))
                    .isInstanceOf(JobException.class)
                    .hasMessageContaining("9 MB")
                    .hasMessageContaining("delivered");
        }
    }
}
