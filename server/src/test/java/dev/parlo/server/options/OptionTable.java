package dev.parlo.server.options;

import java.util.List;
import java.util.stream.Collectors;

/** Options as a table of Markdown. */
public final class OptionTable {
    private OptionTable() {}

    public static String of(List<? extends Option<?, ?>> options) {
        StringBuilder table = new StringBuilder("| field | default | |\n| --- | --- | --- |\n");
        rows(options, "", table);
        return table.toString();
    }

    private static void rows(
            List<? extends Option<?, ?>> options, String within, StringBuilder table) {
        for (Option<?, ?> option : options) {
            String field = within.isEmpty() ? option.field() : within + "[" + option.name() + "]";
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
            if (option.type() instanceof OptionType.Structure<?> structure) {
                rows(structure.options(), field, table);
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
            case OptionType.Texts texts when texts.accepted().size() > 1 -> words(texts.accepted());
            case OptionType.Structure<?> structure when !structure.words().isEmpty() ->
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
