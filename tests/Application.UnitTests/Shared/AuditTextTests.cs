using System.Text;
using System.Text.Json;
using AiPlatform.Application.Shared;

namespace AiPlatform.Application.UnitTests.Shared;

public sealed class AuditTextTests
{
    private const int Limit = 8 * 1024;

    private const string Secret = "s3cr3t-value";

    [TestCase("token")]
    [TestCase("Token")]
    [TestCase("access_token")]
    [TestCase("accessToken")]
    [TestCase("refresh-token")]
    [TestCase("X-Token")]
    [TestCase("api_key")]
    [TestCase("apiKey")]
    [TestCase("API-Key")]
    [TestCase("api key")]
    [TestCase("api.key")]
    [TestCase("X_Api_Key")]
    [TestCase("password")]
    [TestCase("newPassword")]
    [TestCase("passwords")]
    [TestCase("database_password")]
    [TestCase("passphrase")]
    [TestCase("client_secret")]
    [TestCase("secrets")]
    [TestCase("authorization")]
    [TestCase("cookie")]
    [TestCase("set-cookie")]
    [TestCase("credentials")]
    [TestCase("connection_string")]
    [TestCase("private_key")]
    [TestCase("secret_key")]
    [TestCase("AccessKey")]
    [TestCase("account-key")]
    [TestCase("subscription_key")]
    [TestCase("jwt")]
    [TestCase("bearer")]
    [TestCase("sas")]
    [TestCase("pwd")]
    [TestCase("signature")]
    [TestCase("key")]
    [TestCase("sig")]
    [TestCase("file_url")]
    [TestCase("imageUrl")]
    [TestCase("signed_url")]
    [TestCase("\\u0074oken")]
    public void Redact_WhenAMembersNameIsASecrets_HidesItsValueWhateverTheSpelling(string name) =>
        Assert.That(Redact($$"""{"{{name}}":"{{Secret}}","kept":1}"""), Does.Contain(AuditText.Redacted).And.Not.Contain(Secret).And.Contain("\"kept\":1"));

    [TestCase("max_tokens", "100")]
    [TestCase("prompt_tokens", "7")]
    [TestCase("token_type_name", "\"Bearer\"")]
    [TestCase("monkey", "\"a\"")]
    [TestCase("user_name", "\"a\"")]
    [TestCase("keyboard", "\"a\"")]
    [TestCase("route_key", "\"a\"")]
    [TestCase("sasquatch", "\"a\"")]
    public void Redact_WhenAMembersNameOnlyLooksLikeASecrets_KeepsItsValue(string name, string value) =>
        Assert.That(Redact($$"""{"{{name}}":{{value}}}"""), Is.EqualTo($$"""{"{{name}}":{{value}}}"""));

    [TestCase("""{"a":{"b":{"c":{"token":"s3cr3t-value"}}}}""")]
    [TestCase("""[{"token":"s3cr3t-value"},[[{"deep":{"api_key":"s3cr3t-value"}}]]]""")]
    [TestCase("""{"token":["s3cr3t-value",{"x":"s3cr3t-value"}]}""")]
    [TestCase("""{"password":{"old":"s3cr3t-value","new":"s3cr3t-value"}}""")]
    [TestCase("""{"items":[{"name":"a","secret":"s3cr3t-value"},{"name":"b","secret":"s3cr3t-value"}]}""")]
    public void Redact_WhenASecretIsNested_HidesItAtAnyDepth(string json) =>
        Assert.That(Redact(json), Does.Not.Contain(Secret).And.Contain(AuditText.Redacted));

    [Test]
    public void Redact_WhenNestingIsAsDeepAsABodyMayBe_HidesTheInnermostSecret()
    {
        var json = string.Concat(Enumerable.Repeat("{\"a\":", 30)) + $$"""{"token":"{{Secret}}"}""" + new string('}', 30);

        Assert.That(Redact(json), Does.Not.Contain(Secret).And.Contain(AuditText.Redacted));
    }

    [TestCase("""{"token":null}""")]
    [TestCase("""{"token":true}""")]
    public void Redact_WhenASecretHasNoValueToHide_KeepsWhatWasSent(string json) => Assert.That(Redact(json), Is.EqualTo(json));

    [Test]
    public void Redact_WhenASecretIsANumber_HidesItToo() => Assert.That(Redact("""{"pin":1234}"""), Does.Not.Contain("1234"));

    [Test]
    public void Redact_WhenTextIsLongerThanTheLimit_IsCutToIt() =>
        Assert.That(Redact($$"""{"text":"{{new string('x', 20_000)}}"}"""), Has.Length.EqualTo(Limit));

    [TestCase("x")]
    [TestCase("ü")]
    [TestCase("水")]
    [TestCase("x😀")]
    [TestCase("\\u00e9")]
    [TestCase("\\ud83d\\ude00x")]
    [TestCase("x\\n")]
    public void Redact_WhenATextIsMuchLongerThanTheLimit_KeepsTheSameStartAsOfAnyOther(string part)
    {
        var longer = Redact($$"""{"text":"{{string.Concat(Enumerable.Repeat(part, 100_000))}}","other":1}""");
        var shorter = Redact($$"""{"text":"{{string.Concat(Enumerable.Repeat(part, Limit))}}","other":1}""");

        Assert.That(longer, Has.Length.GreaterThan(Limit - 2));
        Assert.That(longer, Is.EqualTo(shorter));
    }

    [Test]
    public void Redact_WhenATextIsAMillionBytesLong_CopiesNoMoreOfItThanIsKept()
    {
        ReadOnlyMemory<byte> json = Encoding.UTF8.GetBytes($$"""{"text":"{{new string('x', 1_000_000)}}"}""");
        AuditText.Redact(json, Limit);

        var before = GC.GetAllocatedBytesForCurrentThread();
        AuditText.Redact(json, Limit);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan((2 * sizeof(char) * Limit) + 10_000));
    }

    [Test]
    public void Redact_WhenASecretComesAfterTheCut_IsNeverKept()
    {
        var json = $$"""{"text":"{{new string('x', Limit - 20)}}","token":"{{Secret}}"}""";

        Assert.That(Redact(json), Does.Not.Contain("s3c"));
    }

    [Test]
    public void Redact_WhenThereIsNoBody_IsNull() => Assert.That(AuditText.Redact(ReadOnlyMemory<byte>.Empty, Limit), Is.Null);

    [TestCase("""{"text":"\ud800"}""")]
    [TestCase("""{"\ud800":"text"}""")]
    [TestCase("""{"\udc00token":"s3cr3t-value"}""")]
    public void Redact_WhenATextIsHalfASurrogatePair_StillKeepsARecordWithoutSecrets(string json) =>
        Assert.That(Redact(json), Is.Not.Null.And.Not.Contain(Secret));

    [Test]
    public void Redact_WhenATextIsNoUtf8_StillKeepsARecordWithoutSecrets()
    {
        byte[] json = [.. "{\"text\":\""u8, 0xff, .. "\",\"token\":\"s3cr3t-value\"}"u8];

        Assert.That(AuditText.Redact((ReadOnlyMemory<byte>)json, Limit), Is.EqualTo("""{"text":"[UNREADABLE]","token":"[REDACTED]"}"""));
    }

    [Test]
    public void Redact_WhenATextIsMuchLongerThanTheLimit_LeavesNothingOfItToTheNext()
    {
        Redact($$"""{"text":"{{new string('\u20ac', 100_000)}}","token":"{{Secret}}"}""");

        Assert.That(Redact("""{"text":"a\u20acb\n","number":1.50,"token":"s3cr3t-value"}"""), Is.EqualTo("""{"text":"a\u20ACb\n","number":1.50,"token":"[REDACTED]"}"""));
    }

    [Test]
    public void Redact_WhenAnAnswerIsAnObject_WritesItAsTheWireDoesWithoutItsSecrets()
    {
        var text = AuditText.Redact(new { UserName = "x", ApiKey = Secret, Inner = new { AccessToken = Secret } }, Limit);

        Assert.That(text, Does.Contain("\"user_name\":\"x\"").And.Not.Contain(Secret));
    }

    [Test]
    public void Redact_WhenCut_LeavesTextThatEveryDatabaseKeeps()
    {
        var text = Redact($$"""{"text":"{{new string('x', Limit - 10)}}😀😀😀"}""");

        Assert.That(() => new UTF8Encoding(false, true).GetBytes(text!), Throws.Nothing);
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(4)]
    public void Cut_WhenASurrogatePairLiesOnTheLimit_DropsBothHalves(int limit)
    {
        var cut = AuditText.Cut("a😀b", limit)!;

        Assert.That(cut, Has.Length.LessThanOrEqualTo(limit));
        Assert.That(() => new UTF8Encoding(false, true).GetBytes(cut), Throws.Nothing);
    }

    [TestCase("\ud800")]
    [TestCase("a\udc00b")]
    [TestCase("\udc00\ud800")]
    public void Cut_WhenHalfASurrogatePairIsInside_LeavesTextThatEveryDatabaseKeeps(string text) =>
        Assert.That(() => new UTF8Encoding(false, true).GetBytes(AuditText.Cut(text, 10)!), Throws.Nothing);

    [Test]
    public void Cut_WhenNulIsInside_DropsIt() => Assert.That(AuditText.Cut("a\0b", 10), Is.EqualTo("ab"));

    [Test]
    public void Cut_WhenThereIsNoText_IsNull() => Assert.That(AuditText.Cut(null, 10), Is.Null);

    [Test]
    public void Members_WhenHeadersAreRecorded_AreAnObjectWithEachOfThem() => Assert.That(
        AuditText.Members([("Accept", "*/*"), ("Origin", "a\"b")]),
        Is.EqualTo(JsonSerializer.Serialize(new Dictionary<string, string> { ["Accept"] = "*/*", ["Origin"] = "a\"b" })));

    private static string? Redact(string json)
    {
        var text = AuditText.Redact(Encoding.UTF8.GetBytes(json), Limit);
        if (text is { Length: < Limit })
        {
            using var document = JsonDocument.Parse(text);
        }

        return text;
    }
}
