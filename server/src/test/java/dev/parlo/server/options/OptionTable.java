package dev.parlo.server.options;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Options as a table of Markdown. */
public final class OptionTable {
    private OptionTable() {}

    /** The fields of a form; those within an object as {@code name[key]}. */
    public static String ofForm(List<? extends Option<?, ?>> options) {
        return table(options, "%s[%s]");
    }

    /** The fields of a JSON body; those within an object as {@code name.key}. */
    public static String ofBody(List<? extends Option<?, ?>> options) {
        return table(options, "%s.%s");
    }

    private static String table(List<? extends Option<?, ?>> options, String path) {
        StringBuilder table = new StringBuilder("| field | default | |\n| --- | --- | --- |\n");
        rows(options, "", path, table);
        return table.toString();
    }

    private static void rows(
            List<? extends Option<?, ?>> options, String within, String path, StringBuilder table) {
        for (Option<?, ?> option : options) {
            String field =
                    within.isEmpty()
                            ? option.field()
                            : String.format(Locale.ROOT, path, within, option.name());
            String names =
                    option.aliases().stream()
                            .map(alias -> ", `" + alias + "`")
                            .collect(Collectors.joining());
            table.append("| `")
                    .append(field)
                    .append('`')
                    .append(names)
                    .append(" | ")
                    .append(standard(option))
                    .append(" | ")
                    .append((option.sentence() + accepted(option.type())).replace("|", "\\|"))
                    .append(" |\n");
            if (option.type() instanceof Structure<?> structure) {
                rows(structure.options(), field, path, table);
            }
        }
    }

    private static String standard(Option<?, ?> option) {
        if (option.required()) {
            return "required";
        }
        String shown = option.shownDefault();
        boolean value = option.fallback() != null && option.otherwise().isEmpty();
        return value && !shown.isEmpty() ? "`" + shown + "`" : shown;
    }

    private static String accepted(OptionType<?> type) {
        return switch (type) {
            case OptionType.Choice choice -> words(choice.accepted());
            case OptionType.Constant<?> constant -> words(constant.accepted());
            case OptionType.Texts texts when texts.accepted().size() > 1 -> words(texts.accepted());
            case Structure<?> structure when !structure.words().isEmpty() ->
                    words(structure.words());
            case OptionType.Whole whole when whole.most() != Integer.MAX_VALUE ->
                    " " + whole.least() + " to " + whole.most() + ".";
            case OptionType.Whole whole when whole.least() > Integer.MIN_VALUE ->
                    " At least " + whole.least() + ".";
            case OptionType.Decimal number when Double.isFinite(number.most()) ->
                    " " + plain(number.least()) + " to " + plain(number.most()) + ".";
            case OptionType.Decimal number when Double.isFinite(number.least()) ->
                    " At least " + plain(number.least()) + ".";
            default -> "";
        };
    }

    private static String words(List<String> accepted) {
        return accepted.stream().collect(Collectors.joining("`, `", " Accepted: `", "`."));
    }

    private static String plain(double value) {
        return new OptionType.Decimal(value, value).written(value);
    }
}
