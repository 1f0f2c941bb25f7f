package dev.parlo.server.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart with the values that somebody sets, by the real Helm. */
class ChartTest {
    /** Everything that is off unless it is asked for. */
    private static final String ALL =
            """
            {"replicas": 3, "gpu": {"count": 2}, "runtimeClassName": "nvidia", "imagePullSecrets": [{"name": "regcred"}],
             "apiKey": {"value": "first, second"}, "preload": {"models": ["a/b", "c/d:int8"], "strict": true},
             "autoscaling": {"enabled": true, "target": "500m"}, "serviceMonitor": {"enabled": true, "labels": {"release": "prometheus"}},
             "networkPolicy": {"enabled": true, "from": [{"podSelector": {"matchLabels": {"app": "gateway"}}}],
                "extraEgress": [{"ports": [{"port": 4318, "protocol": "TCP"}]}]},
             "models": {"persistence": {"accessModes": ["ReadWriteMany"], "storageClass": "nfs"}},
             "settings": {"STT_MODEL_TTL": 300, "LOG_LEVEL": "debug", "ALLOW_ORIGINS": ["https://a.org"]},
             "settingsFrom": [{"secretRef": {"name": "hub"}}],
             "service": {"type": "LoadBalancer", "port": 80, "annotations": {"a/b": "c"}},
             "podAnnotations": {"a": "b"}, "podLabels": {"team": "speech"}, "nodeSelector": {"gpu": "yes"},
             "tolerations": [{"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"}],
             "affinity": {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 1,
                "podAffinityTerm": {"topologyKey": "kubernetes.io/hostname"}}]}},
             "topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "ScheduleAnyway"}]}
            """;

    @TempDir Path folder;
    private Chart chart;

    @BeforeEach
    void chart() {
        chart = new Chart(folder);
    }

    private Manifests render(String values) throws IOException {
        Manifests manifests = chart.render("speech", values);
        References.check(manifests);
        return manifests;
    }

    private static PodSpec pod(Manifests manifests) {
        return manifests.one(Deployment.class).getSpec().getTemplate().getSpec();
    }

    private static Container container(Manifests manifests) {
        return pod(manifests).getContainers().getFirst();
    }

    private static Map<String, String> environment(Manifests manifests) {
        return container(manifests).getEnv().stream()
                .filter(variable -> variable.getValue() != null)
                .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
    }

    @Test
    void helmFindsNoFault() {
        assertThat(chart.lint().isFailed()).as(chart.lint().getMessages().toString()).isFalse();
    }

    @Test
    void byDefaultThereIsOnePodThatIsNotDisturbed() throws IOException {
        Manifests manifests = render("{}");
        assertThat(manifests.objects().stream().map(HasMetadata::getKind))
                .containsExactlyInAnyOrder(
                        "PersistentVolumeClaim", "Service", "Service", "Deployment");
        Deployment deployment = manifests.one(Deployment.class);
        assertThat(deployment.getSpec().getReplicas()).isEqualTo(1);
        // A second pod could not mount the volume on another node.
        assertThat(deployment.getSpec().getStrategy().getType()).isEqualTo("Recreate");
        assertThat(pod(manifests).getTerminationGracePeriodSeconds()).isEqualTo(10 + 30 + 15);
        assertThat(container(manifests).getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
    }

    @Test
    void everythingOnFitsTogether() throws IOException {
        Manifests manifests = render(ALL);
        assertThat(manifests.objects().stream().map(HasMetadata::getKind))
                .contains(
                        "Secret",
                        "ServiceMonitor",
                        "HorizontalPodAutoscaler",
                        "PodDisruptionBudget",
                        "NetworkPolicy");
        assertThat(container(manifests).getResources().getLimits())
                .containsEntry("nvidia.com/gpu", new Quantity("2"))
                .containsEntry("memory", new Quantity("8Gi"));
        assertThat(environment(manifests))
                .containsEntry("PRELOAD_MODELS", "[\"a/b\",\"c/d:int8\"]")
                .containsEntry("PRELOAD_STRICT", "true")
                .containsEntry("STT_MODEL_TTL", "300")
                .containsEntry("ALLOW_ORIGINS", "[\"https://a.org\"]");
        assertThat(manifests.one(HorizontalPodAutoscaler.class).getSpec().getMetrics().getFirst())
                .satisfies(metric ->
                        assertThat(metric.getPods().getTarget().getAverageValue())
                                .isEqualTo(new Quantity("500m")));
        assertThat(
                        manifests
                                .one(PodDisruptionBudget.class)
                                .getSpec()
                                .getMaxUnavailable()
                                .getIntVal())
                .isEqualTo(1);
        assertThat(manifests.one(NetworkPolicy.class).getSpec().getEgress()).hasSize(3);
        // Several keys are one variable for the server; Prometheus sends one of them.
        assertThat(manifests.one(Secret.class).getStringData())
                .containsEntry("api-key", "first, second")
                .containsEntry("scrape-key", "first");
    }

    @Test
    void replicasOnOneVolumeForAllAreReplacedOneByOne() throws IOException {
        Manifests manifests =
                render(
                        """
                        {"replicas": 3, "models": {"persistence": {"accessModes": ["ReadWriteMany"]}}}
                        """);
        Deployment deployment = manifests.one(Deployment.class);
        assertThat(deployment.getSpec().getReplicas()).isEqualTo(3);
        assertThat(deployment.getSpec().getStrategy().getType()).isEqualTo("RollingUpdate");
        assertThat(manifests.all(PodDisruptionBudget.class)).hasSize(1);
    }

    @Test
    void anExistingClaimIsMountedAndNoneIsMade() throws IOException {
        Manifests manifests =
                render("{\"models\": {\"persistence\": {\"existingClaim\": \"hub\"}}}");
        assertThat(manifests.all(PersistentVolumeClaim.class)).isEmpty();
        assertThat(pod(manifests).getVolumes().getFirst().getPersistentVolumeClaim().getClaimName())
                .isEqualTo("hub");
        Manifests none = render("{\"models\": {\"persistence\": {\"enabled\": false}}}");
        assertThat(none.all(PersistentVolumeClaim.class)).isEmpty();
        assertThat(pod(none).getVolumes().getFirst().getEmptyDir().getSizeLimit())
                .isEqualTo(new Quantity("20Gi"));
    }

    @Test
    void aSecretThatIsThereIsUsedAndNoneIsMade() throws IOException {
        Manifests manifests =
                render(
                        """
                        {"apiKey": {"existingSecret": "keys"}, "serviceMonitor": {"enabled": true, "secretKey": "one"}}
                        """);
        assertThat(manifests.all(Secret.class)).isEmpty();
        var key =
                container(manifests).getEnv().stream()
                        .filter(variable -> variable.getName().equals("API_KEY"))
                        .findFirst()
                        .orElseThrow()
                        .getValueFrom()
                        .getSecretKeyRef();
        assertThat(List.of(key.getName(), key.getKey())).containsExactly("keys", "api-key");
        var sent =
                manifests
                        .one(ServiceMonitor.class)
                        .getSpec()
                        .getEndpoints()
                        .getFirst()
                        .getAuthorization()
                        .getCredentials();
        assertThat(List.of(sent.getName(), sent.getKey())).containsExactly("keys", "one");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "parlo",
                "my.release",
                "7up",
                "a-release-whose-name-has-the-fifty-three-characters-x",
                "a-release-whose-name-is-cut-where-a-hyphen--x-stands",
                "7.release-whose-name-has-the-fifty-three-characters-x"
            })
    void namesAreValidWhateverTheReleaseIsCalled(String release) throws IOException {
        assertThat(release).hasSizeLessThanOrEqualTo(53);
        References.check(chart.render(release, ALL));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UVICORN_PORT",
                "PORT",
                "SHUTDOWN_DELAY",
                "SHUTDOWN_TIMEOUT",
                "PRELOAD_MODELS",
                "PRELOAD_STRICT",
                "API_KEY"
            })
    void whatHasAValueOfItsOwnIsNoSetting(String variable) {
        assertThatThrownBy(() -> chart.render("s", "{\"settings\": {\"" + variable + "\": \"1\"}}"))
                .hasMessageContaining("settings." + variable)
                .hasMessageContaining("instead");
    }

    @Test
    void morePodsAtLeastThanAtMostIsRefused() {
        assertThatThrownBy(() ->
                        chart.render(
                                "s", "{\"autoscaling\": {\"enabled\": true, \"minReplicas\": 9}}"))
                .hasMessageContaining("autoscaling.minReplicas is 9")
                .hasMessageContaining("4");
    }
}
