package dev.parlo.server.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.ProjectFiles;
import dev.parlo.server.Setting;
import dev.parlo.server.http.Json;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What manifests say of each other and of the server is so. */
final class References {
    /** A label of DNS, as the name of a Service must be. */
    private static final String NAME = "[a-z]([-a-z0-9]{0,61}[a-z0-9])?";

    private static final String LABEL = "([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?";

    private References() {}

    static void check(Manifests manifests) {
        Deployment deployment = manifests.one(Deployment.class);
        Map<String, String> pod = deployment.getSpec().getTemplate().getMetadata().getLabels();
        names(manifests, pod);
        selected(pod, deployment.getSpec().getSelector());
        PodSpec spec = deployment.getSpec().getTemplate().getSpec();
        Container container = spec.getContainers().getFirst();
        volumes(manifests, spec, container);
        server(container);
        Map<String, Integer> ports =
                container.getPorts().stream()
                        .collect(
                                Collectors.toMap(
                                        ContainerPort::getName, ContainerPort::getContainerPort));
        for (Service service : manifests.all(Service.class)) {
            assertThat(pod).containsAllEntriesOf(service.getSpec().getSelector());
            for (ServicePort port : service.getSpec().getPorts()) {
                assertThat(ports).containsKey(port.getTargetPort().getStrVal());
                if ("None".equals(service.getSpec().getClusterIP())) {
                    // Its names are addresses of pods: nothing maps the port.
                    assertThat(ports).containsValue(port.getPort());
                }
            }
        }
        manifests
                .all(PodDisruptionBudget.class)
                .forEach(budget -> selected(pod, budget.getSpec().getSelector()));
        for (NetworkPolicy policy : manifests.all(NetworkPolicy.class)) {
            selected(pod, policy.getSpec().getPodSelector());
            policy.getSpec()
                    .getIngress()
                    .forEach(rule ->
                            rule.getPorts()
                                    .forEach(port ->
                                            assertThat(ports)
                                                    .containsKey(port.getPort().getStrVal())));
        }
        for (HorizontalPodAutoscaler scaler : manifests.all(HorizontalPodAutoscaler.class)) {
            var target = scaler.getSpec().getScaleTargetRef();
            assertThat(target.getKind()).isEqualTo(deployment.getKind());
            assertThat(target.getApiVersion()).isEqualTo(deployment.getApiVersion());
            assertThat(target.getName()).isEqualTo(deployment.getMetadata().getName());
            // It would be put back to that number by every upgrade.
            assertThat(deployment.getSpec().getReplicas()).isNull();
        }
        manifests.all(ServiceMonitor.class).forEach(monitor -> scraped(manifests, monitor));
    }

    private static void names(Manifests manifests, Map<String, String> pod) {
        Set<String> seen = new TreeSet<>();
        for (HasMetadata object : manifests.objects()) {
            String name = object.getMetadata().getName();
            assertThat(name).as(object.getKind()).matches(NAME);
            assertThat(seen.add(object.getKind() + " " + name)).as("twice: " + name).isTrue();
            Stream.of(pod, object.getMetadata().getLabels())
                    .filter(Objects::nonNull)
                    .flatMap(labels -> labels.values().stream())
                    .forEach(label -> assertThat(label).matches(LABEL));
        }
    }

    private static void selected(Map<String, String> labels, LabelSelector selector) {
        assertThat(selector.getMatchLabels()).isNotEmpty();
        assertThat(labels).containsAllEntriesOf(selector.getMatchLabels());
    }

    private static void volumes(Manifests manifests, PodSpec spec, Container container) {
        List<String> mounted =
                container.getVolumeMounts().stream().map(VolumeMount::getName).toList();
        assertThat(spec.getVolumes().stream().map(Volume::getName))
                .containsExactlyInAnyOrderElementsOf(mounted);
        // The image's own folders: elsewhere a read-only root file system would refuse them.
        String image = read("docker/Dockerfile.cpu");
        container.getVolumeMounts().stream()
                .map(VolumeMount::getMountPath)
                .filter(path -> !path.equals("/tmp"))
                .forEach(path ->
                        assertThat(image)
                                .containsPattern("(HF_HUB_CACHE|PARLO_CACHE_DIR)=" + path));
        List<String> made =
                manifests.all(PersistentVolumeClaim.class).stream()
                        .map(claim -> claim.getMetadata().getName())
                        .toList();
        assertThat(
                        spec.getVolumes().stream()
                                .filter(volume -> volume.getPersistentVolumeClaim() != null)
                                .map(volume -> volume.getPersistentVolumeClaim().getClaimName()))
                .as("the claims that are made are mounted")
                .containsAll(made);
    }

    private static void server(Container container) {
        Set<String> settings =
                Arrays.stream(Setting.values())
                        .map(Setting::variable)
                        .collect(Collectors.toCollection(TreeSet::new));
        List<String> given = container.getEnv().stream().map(EnvVar::getName).toList();
        assertThat(given).doesNotHaveDuplicates();
        assertThat(settings).containsAll(given);
        container.getEnv().stream()
                .filter(variable -> variable.getName().equals("UVICORN_PORT"))
                .forEach(variable ->
                        assertThat(variable.getValue())
                                .isEqualTo(
                                        container
                                                .getPorts()
                                                .getFirst()
                                                .getContainerPort()
                                                .toString()));
        List<Probe> probes =
                Stream.of(
                                container.getStartupProbe(),
                                container.getReadinessProbe(),
                                container.getLivenessProbe())
                        .filter(Objects::nonNull)
                        .toList();
        assertThat(probes).hasSizeGreaterThan(1);
        for (Probe probe : probes) {
            assertThat(routes()).contains(probe.getHttpGet().getPath());
            assertThat(probe.getHttpGet().getPort().getStrVal())
                    .isEqualTo(container.getPorts().getFirst().getName());
        }
    }

    private static void scraped(Manifests manifests, ServiceMonitor monitor) {
        var endpoint = monitor.getSpec().getEndpoints().getFirst();
        assertThat(routes()).contains(endpoint.getPath());
        Map<String, String> wanted = monitor.getSpec().getSelector().getMatchLabels();
        List<Service> services =
                manifests.all(Service.class).stream()
                        .filter(service ->
                                service.getMetadata()
                                        .getLabels()
                                        .entrySet()
                                        .containsAll(wanted.entrySet()))
                        .toList();
        assertThat(services).as("each pod is scraped once").hasSize(1);
        assertThat(services.getFirst().getSpec().getPorts().stream().map(ServicePort::getName))
                .contains(endpoint.getPort());
        if (endpoint.getAuthorization() != null) {
            var key = endpoint.getAuthorization().getCredentials();
            manifests
                    .all(Secret.class)
                    .forEach(secret -> {
                        assertThat(key.getName()).isEqualTo(secret.getMetadata().getName());
                        assertThat(secret.getStringData()).containsKey(key.getKey());
                    });
        }
    }

    /** Of the API's own description, which OpenApiTest compares with the routes. */
    private static Set<String> routes() {
        return Json.mapper()
                .readTree(read("server/src/main/resources/dev/parlo/server/docs/openapi.json"))
                .path("paths")
                .propertyNames()
                .stream()
                .collect(Collectors.toSet());
    }

    private static String read(String file) {
        try {
            return Files.readString(ProjectFiles.root().resolve(file));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
