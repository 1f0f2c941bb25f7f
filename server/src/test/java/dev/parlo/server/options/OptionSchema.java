package dev.parlo.server.options;

import dev.parlo.server.http.Json;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Options as schemas of OpenAPI. */
public final class OptionSchema {
    private OptionSchema() {}

    /** The schema of an object or a form with these options. */
    public static ObjectNode object(List<? extends Option<?, ?>> options, boolean others) {
        ObjectNode schema = Json.mapper().createObjectNode().put("type", "object");
        List<String> required =
                options.stream().filter(Option::required).map(Option::field).toList();
        if (!required.isEmpty()) {
            texts(schema.putArray("required"), required);
        }
        schema.put("additionalProperties", others);
        ObjectNode properties = schema.putObject("properties");
        options.forEach(option -> properties.set(option.field(), of(option)));
        return schema;
    }

    private static <V> ObjectNode of(Option<?, V> option) {
        ObjectNode schema = of(option.type());
        V fallback = option.fallback();
        if (fallback != null) {
            setDefault(schema, option.type(), fallback);
        }
        String shown = fallback == null ? option.otherwise() : "";
        String also =
                option.aliases().isEmpty()
                        ? ""
                        : " Also: `" + String.join("`, `", option.aliases()) + "`.";
        String otherwise = shown.isEmpty() ? "" : " Default: " + shown + ".";
        return schema.put("description", option.sentence() + otherwise + also);
    }

    private static <V> void setDefault(ObjectNode schema, OptionType<V> type, V value) {
        switch (value) {
            case Boolean flag -> schema.put("default", flag);
            case Integer whole -> schema.put("default", whole);
            case Long whole -> schema.put("default", whole);
            case Double number -> put(schema, "default", number);
            case Optional<?> number when number.orElse(null) instanceof Double limit ->
                    put(schema, "default", limit);
            default -> schema.put("default", type.written(value));
        }
    }

    private static ObjectNode of(OptionType<?> type) {
        ObjectNode schema = Json.mapper().createObjectNode();
        switch (type) {
            case OptionType.Flag flag -> schema.put("type", "boolean");
            case OptionType.Choice choice -> {
                schema.put("type", "string");
                texts(schema.putArray("enum"), choice.accepted());
            }
            case OptionType.Constant<?> constant -> {
                schema.put("type", "string");
                texts(schema.putArray("enum"), constant.accepted());
            }
            case OptionType.Whole whole -> {
                schema.put("type", "integer");
                if (whole.least() != Integer.MIN_VALUE) {
                    schema.put("minimum", whole.least());
                }
                if (whole.most() != Integer.MAX_VALUE) {
                    schema.put("maximum", whole.most());
                }
            }
            case OptionType.Whole64 whole -> schema.put("type", "integer").put("format", "int64");
            case OptionType.Decimal number -> decimal(schema, number.least(), number.most());
            case OptionType.Threshold threshold -> {
                ArrayNode either = schema.putArray("oneOf");
                either.addObject().put("type", "number");
                either.addObject().put("type", "string").put("const", "none");
            }
            case OptionType.Texts texts -> {
                schema.put("type", "array");
                ObjectNode items = schema.putObject("items").put("type", "string");
                if (!texts.accepted().isEmpty()) {
                    texts(items.putArray("enum"), texts.accepted());
                }
            }
            case OptionType.RepeatedDecimals numbers -> {
                ArrayNode either = schema.putArray("oneOf");
                decimal(either.addObject(), numbers.least(), Double.POSITIVE_INFINITY);
                ObjectNode several = either.addObject().put("type", "array");
                decimal(several.putObject("items"), numbers.least(), Double.POSITIVE_INFINITY);
            }
            case Structure<?> structure -> structure(schema, structure);
            case OptionType.Upload upload -> schema.put("type", "string").put("format", "binary");
            case OptionType.Text text -> schema.put("type", "string");
            case OptionType.Parsed<?> parsed ->
                    texts(schema.putArray("type"), List.of("string", "number"));
            case OptionType.Special<?> special ->
                    schema.setAll((ObjectNode) Json.mapper().readTree(special.schema()));
            case OptionType.Wholes list -> schema.put("type", "string");
            case OptionType.Decimals list -> schema.put("type", "string");
        }
        return schema;
    }

    private static void structure(ObjectNode schema, Structure<?> structure) {
        ObjectNode object = object(structure.options(), structure.open());
        if (structure.words().isEmpty()) {
            schema.setAll(object);
            return;
        }
        ArrayNode either = schema.putArray("oneOf");
        texts(either.addObject().put("type", "string").putArray("enum"), structure.words());
        either.add(object);
    }

    private static void decimal(ObjectNode schema, double least, double most) {
        schema.put("type", "number");
        if (Double.isFinite(least)) {
            put(schema, "minimum", least);
        }
        if (Double.isFinite(most)) {
            put(schema, "maximum", most);
        }
    }

    /** Whole numbers without a fraction, as people write them. */
    private static void put(ObjectNode schema, String name, double value) {
        if (value == Math.rint(value)) {
            schema.put(name, (long) value);
        } else {
            schema.put(name, value);
        }
    }

    private static void texts(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }
}
