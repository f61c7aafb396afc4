package org.smscallbacks.bench.contender;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.SegmentedStringWriter;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What <code>routes/infobip/delivery-report.jslt</code> and the router say, written in Java: an Infobip delivery report becomes the
 * canonical event, field by field the same (the benchmark compares them). Reads a tree, since it is kept in the event, and writes
 * the event straight to text. What is no delivery report is kept as unrecognised.
 */
public final class InfobipReports {

    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(64).build())
                    .build())
            .nodeFactory(new JsonNodeFactory(true))
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .configure(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES, false)
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private static final String USUAL_TIME = "0000-00-00T00:00:00.000+0000";
    private static final DateTimeFormatter EVENT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter WITH_OFFSET = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendLiteral('T')
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .appendPattern("[XXX][XX][X]")
            .toFormatter()
            .withResolverStyle(ResolverStyle.STRICT);
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,100}");
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,100}(\\.[0-9]{1,100})?");
    private static final String PROVIDER = "infobip";
    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(InfobipReports::sha256);

    private static final Map<String, String> GROUP_NAMES = Map.of(
            "0", "ACCEPTED", "1", "PENDING", "2", "UNDELIVERABLE", "3", "DELIVERED", "4", "EXPIRED", "5", "REJECTED");
    private static final Map<String, Meaning> GROUPS = Map.of(
            "ACCEPTED", new Meaning("accepted", false),
            "PENDING", new Meaning("sent", false),
            "UNDELIVERABLE", new Meaning("undelivered", true),
            "DELIVERED", new Meaning("delivered", true),
            "EXPIRED", new Meaning("expired", true),
            "REJECTED", new Meaning("rejected", true));
    private static final Meaning UNKNOWN = new Meaning("unknown", false);

    /** By name and group, name, id and group, id; the first row of the table wins. */
    private final Map<String, Meaning> statuses = new HashMap<>();

    private record Meaning(String status, boolean isFinal) {}

    /** @param table <code>routes/infobip/statuses.csv</code> */
    public InfobipReports(Path table) throws IOException {
        try (MappingIterator<Map<String, String>> rows = new CsvMapper()
                .readerForMapOf(String.class)
                .with(CsvSchema.emptySchema().withHeader())
                .readValues(table.toFile())) {
            while (rows.hasNext()) {
                var row = rows.next();
                var meaning = new Meaning(row.get("status"), row.get("final").equals("yes"));
                var name = "name " + row.get("name");
                var id = "id " + row.get("id");
                for (var key :
                        List.of(name, name + " " + row.get("group_name"), id, id + " " + row.get("group_name"))) {
                    statuses.putIfAbsent(key, meaning);
                }
            }
        }
    }

    /** The events in a body. */
    public List<Event> read(byte[] body, String account) throws IOException {
        var receivedAt = EVENT.format(Instant.now());
        var tree = JSON.readTree(body);
        var items = tree.isArray() ? tree : tree.path("results").isArray() ? tree.path("results") : null;
        if (items == null) {
            return List.of(event(tree, account, receivedAt, 0));
        }
        var events = new ArrayList<Event>(items.size());
        for (var item : items) {
            events.add(event(item, account, receivedAt, events.size()));
        }
        return events;
    }

    Event event(JsonNode item, String account, String receivedAt, int index) throws IOException {
        return item.path("status").isObject()
                ? report(item, account, receivedAt, index)
                : unrecognised(item, account, receivedAt, index);
    }

    private Event report(JsonNode item, String account, String receivedAt, int index) throws IOException {
        var status = item.path("status");
        var error = item.path("error");
        var code = text(status.path("id"));
        var name = text(status.path("name"));
        var groupId = text(status.path("groupId"));
        var groupById = groupId == null ? null : GROUP_NAMES.get(groupId);
        var groupName = text(status.path("groupName"));
        var group = groupName != null ? groupName.toUpperCase(Locale.ROOT) : groupById != null ? groupById : groupId;
        var meaning = meaning(name, code, group);
        var errorCode = text(error.path("id"));
        var errorName = text(error.path("name"));
        boolean failed =
                errorCode != null ? !errorCode.equals("0") : errorName != null && !errorName.equals("NO_ERROR");
        var permanent = flag(error.path("permanent"));
        boolean buffered = "PENDING".equals(group) && failed && Boolean.FALSE.equals(permanent);
        var eventStatus = buffered ? "buffered" : meaning.status;
        boolean isFinal = !buffered && meaning.isFinal;
        var messageId = text(item.path("messageId"));
        var to = either(text(item.path("to")), text(item.path("destination")));
        var channel = lower(text(item.path("channel")));
        var sentText = text(item.path("sentAt"));
        var doneText = text(item.path("doneAt"));
        var sentAt = time(sentText);
        var doneAt = time(doneText);
        var time = either(doneText, sentText);
        var count = item.path("smsCount").asText().isEmpty() ? item.path("messageCount") : item.path("smsCount");
        var parts = text(count);
        var price = item.path("price");
        var amount = text(price.path("pricePerMessage"));
        var network = either(text(item.path("mccMnc")), text(item.path("mccmnc")));
        var platform = item.path("platform");

        var digest = SHA_256.get();
        for (var part : new String[] {
            PROVIDER, account, "sms.delivery-report", messageId, to, channel, either(code, name), group, errorCode, time
        }) {
            update(digest, part);
        }
        if (messageId == null && time == null) {
            update(digest, receivedAt);
            update(digest, String.valueOf(index));
        }
        var id = HexFormat.of().formatHex(digest.digest(), 0, 16);

        var reference = text(item.path("callbackData"));
        var text = new SegmentedStringWriter(JSON.getFactory()._getBufferRecycler());
        try (var json = JSON.createGenerator(text)) {
            envelope(
                    json,
                    id,
                    "sms.delivery-report",
                    account,
                    messageId,
                    either(either(doneAt, sentAt), receivedAt),
                    receivedAt);
            write(json, "messageId", messageId);
            write(json, "bulkId", text(item.path("bulkId")));
            write(json, "reference", reference);
            write(json, "to", e164(to));
            write(json, "from", either(text(item.path("from")), text(item.path("sender"))));
            write(json, "channel", channel);
            write(json, "status", eventStatus);
            json.writeBooleanField("final", isFinal);
            json.writeObjectFieldStart("providerStatus");
            write(json, "code", code);
            write(json, "name", name);
            write(json, "group", either(groupName, group));
            write(json, "description", text(status.path("description")));
            write(json, "action", text(status.path("action")));
            json.writeEndObject();
            if (failed) {
                json.writeObjectFieldStart("error");
                write(json, "code", errorCode);
                write(json, "name", errorName);
                write(json, "group", either(text(error.path("groupName")), text(error.path("groupId"))));
                write(json, "description", text(error.path("description")));
                if (permanent != null) {
                    json.writeBooleanField("permanent", permanent);
                }
                json.writeEndObject();
            }
            write(json, "sentAt", sentAt);
            write(json, "doneAt", doneAt);
            boolean countable = parts != null
                    && (count.isIntegralNumber() || WHOLE.matcher(parts).matches());
            if (countable) {
                json.writeFieldName("parts");
                json.writeNumber(parts);
            }
            boolean priced = amount != null && DECIMAL.matcher(amount).matches();
            if (priced) {
                json.writeObjectFieldStart("price");
                json.writeStringField("amount", amount);
                write(json, "currency", text(price.path("currency")));
                json.writeStringField("per", "part");
                json.writeEndObject();
            }
            write(json, "mccMnc", "null".equals(network) ? null : network);
            write(json, "entityId", either(text(item.path("entityId")), text(platform.path("entityId"))));
            write(
                    json,
                    "applicationId",
                    either(text(item.path("applicationId")), text(platform.path("applicationId"))));
            write(json, "campaignReferenceId", text(item.path("campaignReferenceId")));
            if ("603".equals(errorCode)) {
                json.writeBooleanField("optOut", true);
            }
            var problems = new ArrayList<String>(0);
            unread(problems, "sentAt", "a time", sentText, sentAt != null);
            unread(problems, "doneAt", "a time", doneText, doneAt != null);
            unread(problems, "parts", "a whole number", parts, countable);
            unread(problems, "price", "a decimal number", amount, priced);
            if (groupById != null && !groupById.equals(group)) {
                problems.add("status: group " + groupId + " is not " + group + ": the name is believed");
            }
            if (!problems.isEmpty()) {
                json.writeArrayFieldStart("problems");
                for (var problem : problems) {
                    json.writeString(problem);
                }
                json.writeEndArray();
            }
            json.writeNumberField("rank", rank(eventStatus, isFinal));
            json.writeFieldName("raw");
            json.writeTree(item);
            json.writeEndObject();
            json.writeEndObject();
        }
        var queue = isFinal ? "sms.delivery.final" : "sms.delivery.interim";
        return new Event(
                id,
                "sms.delivery-report",
                PROVIDER,
                account,
                messageId,
                reference != null && reference.length() <= 1_000 ? reference : null,
                eventStatus,
                isFinal,
                queue,
                false,
                text.getAndClear());
    }

    private static int rank(String status, boolean isFinal) {
        return switch (status) {
            case "accepted" -> 10;
            case "sent" -> 20;
            case "unknown" -> isFinal ? 40 : 25;
            case "buffered" -> 30;
            case "delivered" -> 60;
            case "read" -> 70;
            default -> 50;
        };
    }

    private Event unrecognised(JsonNode item, String account, String receivedAt, int index) throws IOException {
        var digest = SHA_256.get();
        update(digest, PROVIDER);
        update(digest, account);
        update(digest, "sms.unrecognised");
        update(digest, item.toString());
        var id = HexFormat.of().formatHex(digest.digest(), 0, 16);
        var text = new SegmentedStringWriter(JSON.getFactory()._getBufferRecycler());
        try (var json = JSON.createGenerator(text)) {
            envelope(json, id, "sms.unrecognised", account, null, receivedAt, receivedAt);
            json.writeStringField("reason", "no delivery report");
            json.writeNumberField("index", index);
            json.writeFieldName("raw");
            json.writeTree(item);
            json.writeEndObject();
            json.writeEndObject();
        }
        return new Event(
                id,
                "sms.unrecognised",
                PROVIDER,
                account,
                null,
                null,
                null,
                null,
                "sms.unrecognised",
                false,
                text.getAndClear());
    }

    /** Everything up to the first fields of <code>data</code>. */
    private static void envelope(
            JsonGenerator json,
            String id,
            String type,
            String account,
            String messageId,
            String time,
            String receivedAt)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("specversion", "1.0");
        json.writeStringField("id", id);
        json.writeStringField("source", "/callbacks/" + PROVIDER + "/" + account);
        json.writeStringField("type", type);
        write(json, "subject", messageId);
        json.writeStringField("time", time);
        json.writeStringField("receivedat", receivedAt);
        json.writeStringField("datacontenttype", "application/json");
        json.writeStringField("dataschema", "/schemas/sms-event.v1.json");
        json.writeObjectFieldStart("data");
        json.writeStringField("provider", PROVIDER);
        json.writeStringField("account", account);
    }

    private Meaning meaning(String name, String code, String group) {
        var suffix = group == null ? "" : " " + group;
        var byName = name == null ? null : statuses.get("name " + name + suffix);
        if (byName != null) {
            return byName;
        }
        var byId = code == null ? null : statuses.get("id " + code + suffix);
        return byId != null ? byId : group == null ? UNKNOWN : GROUPS.getOrDefault(group, UNKNOWN);
    }

    private static void unread(List<String> problems, String field, String kind, String text, boolean read) {
        if (text != null && !read) {
            problems.add(field + ": not " + kind + ": \"" + text + "\"");
        }
    }

    private static void write(JsonGenerator json, String field, String value) throws IOException {
        if (value != null) {
            json.writeStringField(field, value);
        }
    }

    private static String text(JsonNode value) {
        if (value.isTextual()) {
            return value.textValue().isEmpty() ? null : value.textValue();
        }
        if (value.isNumber()) {
            return value.isIntegralNumber()
                    ? value.asText()
                    : value.decimalValue().toPlainString();
        }
        return null;
    }

    private static Boolean flag(JsonNode value) {
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        var text = text(value);
        return "true".equalsIgnoreCase(text) ? Boolean.TRUE : "false".equalsIgnoreCase(text) ? Boolean.FALSE : null;
    }

    private static String e164(String number) {
        if (number == null || number.length() < 7 || number.length() > 15) {
            return number;
        }
        for (int i = 0; i < number.length(); i++) {
            if (number.charAt(i) < '0' || number.charAt(i) > '9') {
                return number;
            }
        }
        return "+" + number;
    }

    private static String time(String text) {
        if (text == null) {
            return null;
        }
        try {
            var usual = usualTime(text);
            return usual != null ? usual : EVENT.format(OffsetDateTime.parse(text.strip(), WITH_OFFSET));
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** <code>2026-03-29T10:15:02.118+0000</code>, which is the event's own notation but for its end; null when it is not that. */
    private static String usualTime(String text) {
        if (text.length() != USUAL_TIME.length() || !text.endsWith("+0000")) {
            return null;
        }
        for (int i = 0; i < USUAL_TIME.length(); i++) {
            boolean wantsDigit = USUAL_TIME.charAt(i) == '0';
            char is = text.charAt(i);
            if (wantsDigit ? is < '0' || is > '9' : is != USUAL_TIME.charAt(i)) {
                return null;
            }
        }
        // whether there is such a time
        LocalDateTime.of(
                number(text, 0, 4),
                number(text, 5, 7),
                number(text, 8, 10),
                number(text, 11, 13),
                number(text, 14, 16),
                number(text, 17, 19));
        return text.substring(0, USUAL_TIME.length() - "+0000".length()) + "Z";
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            number = 10 * number + text.charAt(i) - '0';
        }
        return number;
    }

    private static String lower(String text) {
        return text == null ? null : text.toLowerCase(Locale.ROOT);
    }

    private static String either(String first, String second) {
        return first == null ? second : first;
    }

    private static void update(MessageDigest digest, String part) {
        var bytes = part == null ? new byte[0] : part.getBytes(StandardCharsets.UTF_8);
        digest.update(
                ByteBuffer.allocate(4).putInt(part == null ? -1 : bytes.length).flip());
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
