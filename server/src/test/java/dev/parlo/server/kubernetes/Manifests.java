package dev.parlo.server.kubernetes;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Objects of Kubernetes, read into the types of its API: a field that a type does not have and a
 * value of another type are errors, as they are for {@code kubectl apply --validate=strict}.
 *
 * @param trees as YAML has them, in order
 * @param objects the same, typed
 */
record Manifests(List<Map<String, Object>> trees, List<HasMetadata> objects) {
    private static final Map<String, Class<? extends HasMetadata>> TYPES =
            Map.of(
                    "v1 Secret", Secret.class,
                    "v1 Service", Service.class,
                    "v1 PersistentVolumeClaim", PersistentVolumeClaim.class,
                    "apps/v1 Deployment", Deployment.class,
                    "autoscaling/v2 HorizontalPodAutoscaler", HorizontalPodAutoscaler.class,
                    "networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class,
                    "policy/v1 PodDisruptionBudget", PodDisruptionBudget.class,
                    "monitoring.coreos.com/v1 ServiceMonitor", ServiceMonitor.class);

    private static final JsonMapper STRICT = strict();

    private static JsonMapper strict() {
        JsonMapper mapper =
                JsonMapper.builder()
                        .annotationIntrospector(
                                new JacksonAnnotationIntrospector() {
                                    @Serial private static final long serialVersionUID = 1L;

                                    /** The types keep what they do not know; here it fails. */
                                    @Override
                                    public Boolean hasAnySetter(Annotated annotated) {
                                        return false;
                                    }
                                })
                        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                        .build();
        for (CoercionInputShape shape :
                List.of(
                        CoercionInputShape.Integer,
                        CoercionInputShape.Float,
                        CoercionInputShape.Boolean)) {
            mapper.coercionConfigFor(LogicalType.Textual).setCoercion(shape, CoercionAction.Fail);
        }
        return mapper;
    }

    /** Reads YAML documents. */
    static Manifests read(String yaml) {
        List<Map<String, Object>> trees = new ArrayList<>();
        List<HasMetadata> objects = new ArrayList<>();
        for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(yaml)) {
            if (document != null) {
                Map<String, Object> tree = map(document);
                trees.add(tree);
                objects.add(typed(tree));
            }
        }
        return new Manifests(trees, objects);
    }

    /**
     * One object.
     *
     * @throws IllegalArgumentException where a field is unknown, or its value of another type
     */
    static HasMetadata typed(Map<String, Object> tree) {
        String kind = tree.get("apiVersion") + " " + tree.get("kind");
        Class<? extends HasMetadata> type = TYPES.get(kind);
        if (type == null) {
            throw new IllegalArgumentException("No type is known for " + kind);
        }
        return STRICT.convertValue(tree, type);
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(Object tree) {
        return (Map<String, Object>) tree;
    }

    /** All of a kind. */
    <T> List<T> all(Class<T> type) {
        return objects.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** The only one of a kind. */
    <T> T one(Class<T> type) {
        List<T> all = all(type);
        if (all.size() != 1) {
            throw new AssertionError(all.size() + " of " + type.getSimpleName());
        }
        return all.getFirst();
    }
}
