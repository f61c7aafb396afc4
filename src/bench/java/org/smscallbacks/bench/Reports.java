package org.smscallbacks.bench;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The callbacks of one run: Infobip delivery reports with everything its documentation shows, seven of ten delivered, two on their
 * way, one failed. Every item of a run has a message id of its own: <code>prefix-call-item</code>.
 */
public final class Reports {

    private static final String HEAD = "{\"results\":[";
    private static final String ITEM = """
            {"bulkId":"BULK-ID-123-xyz","messageId":"%s","to":"385915550101","from":"InfoSMS",\
            "sentAt":"2026-03-29T10:15:02.118+0000","doneAt":"2026-03-29T10:15:06.402+0000","smsCount":1,"mccMnc":"21901",\
            "callbackData":"order-4711","price":{"pricePerMessage":0.0185000000,"currency":"EUR"},\
            "status":%s,"error":%s}""";
    private static final String DELIVERED = """
            {"groupId":3,"groupName":"DELIVERED","id":5,"name":"DELIVERED_TO_HANDSET","description":"Message delivered to handset"}""";
    private static final String SENT = """
            {"groupId":1,"groupName":"PENDING","id":7,"name":"PENDING_ENROUTE","description":"Message sent to next instance"}""";
    private static final String FAILED = """
            {"groupId":2,"groupName":"UNDELIVERABLE","id":9,"name":"UNDELIVERABLE_NOT_DELIVERED","description":"Message sent not delivered"}""";
    private static final String NO_ERROR = """
            {"groupId":0,"groupName":"OK","id":0,"name":"NO_ERROR","description":"No Error","permanent":false}""";
    private static final String UNKNOWN_SUBSCRIBER = """
            {"groupId":1,"groupName":"HANDSET_ERRORS","id":1,"name":"EC_UNKNOWN_SUBSCRIBER","description":"Unknown Subscriber","permanent":true}""";

    /** Digits of a call and of an item, so that every body of a run has the same length. */
    private static final int CALL_DIGITS = 9;

    private static final int ITEM_DIGITS = 5;

    private final byte[] template;
    private final int[] callPlaces;
    private final String prefix;
    private final int batch;

    /** @param prefix of the run's message ids */
    public Reports(String prefix, int batch) {
        this.prefix = prefix;
        this.batch = batch;
        this.callPlaces = new int[batch];
        var body = new ByteArrayOutputStream();
        body.writeBytes(bytes(HEAD));
        for (int item = 0; item < batch; item++) {
            if (item > 0) {
                body.write(',');
            }
            var report = bytes(report(item));
            callPlaces[item] =
                    body.size() + new String(report, StandardCharsets.US_ASCII).indexOf(prefix) + prefix.length() + 1;
            body.writeBytes(report);
        }
        body.writeBytes(bytes("]}"));
        template = body.toByteArray();
    }

    private String report(int item) {
        // one alone is a delivered one: the usual case of single callbacks
        int kind = item % 10;
        var status = kind < 7 ? DELIVERED : kind < 9 ? SENT : FAILED;
        return ITEM.formatted(messageId(0, item), status, kind == 9 ? UNKNOWN_SUBSCRIBER : NO_ERROR);
    }

    /** The message id of one item. */
    public String messageId(long call, int item) {
        return prefix + "-" + digits(call, CALL_DIGITS) + "-" + digits(item, ITEM_DIGITS);
    }

    /** The body of one call of the run. */
    public byte[] body(long call) {
        var body = template.clone();
        var digits = bytes(digits(call, CALL_DIGITS));
        for (int place : callPlaces) {
            System.arraycopy(digits, 0, body, place, CALL_DIGITS);
        }
        return body;
    }

    /** Which event of the run has this message id: its call times the batch plus its item; -1 for one of another run. */
    int placeOf(String messageId) {
        int end = prefix.length() + 1 + CALL_DIGITS;
        if (messageId == null || !messageId.startsWith(prefix + "-") || messageId.length() != end + 1 + ITEM_DIGITS) {
            return -1;
        }
        int call = Integer.parseInt(messageId, prefix.length() + 1, end, 10);
        return call * batch + Integer.parseInt(messageId, end + 1, end + 1 + ITEM_DIGITS, 10);
    }

    public int batch() {
        return batch;
    }

    private static String digits(long number, int count) {
        var text = Long.toString(number);
        return "0".repeat(count - text.length()) + text;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
