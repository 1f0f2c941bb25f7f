package dev.parlo.server.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.parlo.server.ProjectFiles;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** That manifests are read strictly, on the plain ones, which need no Helm. */
class ManifestsTest {
    /** Objects whose keys are anybody's. */
    private static final Set<String> FREE =
            Set.of("labels", "matchLabels", "selector", "requests", "limits");

    private static Manifests plain() throws IOException {
        return Manifests.read(
                Files.readString(ProjectFiles.root().resolve("docker/kubernetes.yaml")));
    }

    /** All objects within, by the key that leads to them. */
    private static void objects(
            String key, Object tree, List<Map.Entry<String, Map<String, Object>>> all) {
        if (tree instanceof List<?> items) {
            items.forEach(item -> objects(key, item, all));
        } else if (tree instanceof Map<?, ?>) {
            Map<String, Object> object = Manifests.map(tree);
            all.add(Map.entry(key, object));
            List.copyOf(object.entrySet())
                    .forEach(field -> objects(field.getKey(), field.getValue(), all));
        }
    }

    private static List<Map.Entry<String, Map<String, Object>>> objects(Map<String, Object> tree) {
        List<Map.Entry<String, Map<String, Object>>> all = new ArrayList<>();
        objects("", tree, all);
        return all;
    }

    @Test
    void anUnknownFieldIsRefusedWhereverItStands() throws IOException {
        Set<String> accepted = new TreeSet<>();
        for (Map<String, Object> tree : plain().trees()) {
            for (var object : objects(tree)) {
                object.getValue().put("replcias", "1");
                if (catchThrowable(() -> Manifests.typed(tree)) == null) {
                    accepted.add(object.getKey());
                }
                object.getValue().remove("replcias");
            }
        }
        // A Service's selector is free, a Deployment's is not: its matchLabels are.
        assertThat(FREE).containsAll(accepted);
        assertThat(accepted).contains("labels", "limits");
    }

    @Test
    void aValueOfAnotherTypeIsRefusedWhereverItStands() throws IOException {
        int tried = 0;
        for (Map<String, Object> tree : plain().trees()) {
            for (var object : objects(tree)) {
                for (String key : List.copyOf(object.getValue().keySet())) {
                    Object right = object.getValue().get(key);
                    Object wrong =
                            switch (right) {
                                case String text -> 1.5;
                                case Integer number -> "many";
                                case Boolean flag -> "yes please";
                                case null, default -> 7;
                            };
                    // A quantity and a port's name may be numbers or words.
                    if (FREE.contains(object.getKey())
                            || Set.of("storage", "sizeLimit", "targetPort").contains(key)
                            || (key.equals("port") && object.getKey().equals("httpGet"))) {
                        continue;
                    }
                    object.getValue().put(key, wrong);
                    assertThat(catchThrowable(() -> Manifests.typed(tree)))
                            .as(object.getKey() + "." + key + " = " + wrong)
                            .isInstanceOf(IllegalArgumentException.class);
                    object.getValue().put(key, right);
                    tried++;
                }
            }
            assertThat(catchThrowable(() -> Manifests.typed(tree))).isNull();
        }
        assertThat(tried).isGreaterThan(80);
    }

    @Test
    void thePlainManifestsFitTogetherAndTheServer() throws IOException {
        Manifests plain = plain();
        References.check(plain);
        assertThat(plain.one(Deployment.class).getSpec().getTemplate().getSpec())
                .satisfies(pod ->
                        assertThat(pod.getTerminationGracePeriodSeconds()).isGreaterThan(30));
    }
}
