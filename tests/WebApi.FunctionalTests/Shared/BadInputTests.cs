using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AiPlatform.Application.Shared;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using AiPlatform.WebApi.Shared.Errors;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Shared;

/// <summary>
/// Whatever is sent to a route that reads JSON, by a caller with every right: a 4xx in the shape of its surface, and nothing
/// changed. The platform is these tests' own, so that its rows can be counted.
/// </summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
public sealed class BadInputTests(DatabaseProvider database)
{
    private const int MiB = 1024 * 1024;

    private static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    private GoogleServer _google = null!;
    private TestPlatform _platform = null!;
    private Api _api = null!;
    private string _token = null!;

    public static IEnumerable<TestCaseData> UnreadableBodies()
    {
        yield return Case("Nothing", string.Empty);
        yield return Case("Blanks", " \r\n\t ");
        yield return Case("EmptyObject", "{}");
        yield return Case("HalfAnObject", "{\"token\":");
        yield return Case("TwoObjects", "{\"token\":\"a\"}{\"token\":\"b\"}");
        yield return Case("TrailingComma", "{\"token\":\"a\",}");
        yield return Case("Comment", "{/* */\"token\":\"a\"}");
        yield return Case("SingleQuotes", "{'token':'a'}");
        yield return Case("Array", "[{\"token\":\"a\"}]");
        yield return Case("Null", "null");
        yield return Case("True", "true");
        yield return Case("Text", "\"text\"");
        yield return Case("Number", "12");
        yield return Case("NotANumber", "NaN");
        yield return Case("Html", "<html></html>");
        yield return Case("Form", "token=a&user_id=b");
        yield return Case("Nul", "\0");
        yield return Case("ByteOrderMark", "\ufeff");
        yield return Case("ThousandLevels", Nested("{\"a\":", "1", "}", 1_000));
        yield return Case("ThousandArrays", "{\"a\":" + Nested("[", "1", "]", 1_000) + "}");
        yield return Case("HundredThousandLevels", new string('[', 100_000));
        yield return Case("DuplicateMembers", "{\"token\":\"a\",\"token\":\"b\"}");
        yield return Case("DuplicateMembersInside", "{\"token\":\"a\",\"b\":{\"c\":1,\"c\":2}}");
        yield return Case("EscapedDuplicates", "{\"token\":\"a\",\"\\u0074oken\":\"b\"}");
        yield return Case("InvalidUtf8", [.. "{\"token\":\""u8, 0xFF, 0xFE, .. "\"}"u8]);
        yield return Case("CutUtf8", [.. "{\"token\":\""u8, 0xF0, 0x9F]);
        yield return Case("OverlongUtf8", [.. "{\"token\":\""u8, 0xC0, 0x80, .. "\"}"u8]);
        yield return Case("Utf16", Encoding.Unicode.GetBytes("{\"token\":\"a\"}"));
        yield return Case("Gzip", [0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0, 0, 3]);
    }

    public static IEnumerable<TestCaseData> OddObjects()
    {
        yield return Case("HalfASurrogatePair", "{\"token\":\"\\ud800\",\"user_input\":\"\\ud800\",\"file_id\":\"\\udc00\"}");
        yield return Case("HalfASurrogatePairAsName", "{\"\\ud800\":1,\"token\":\"a\"}");
        yield return Case("TwoHalvesAsNames", "{\"\\ud800\":1,\"\\udc00\":2}");
        yield return Case("NulInText", "{\"token\":\"\\u0000\",\"user_input\":\"\\u0000\",\"file_id\":\"\\u0000\",\"prompt\":\"\\u0000\",\"query\":\"\\u0000\"}");
        yield return Case("EmptyName", "{\"\":1}");
        yield return Case("ManyMembers", "{" + string.Join(',', Enumerable.Range(0, 50_000).Select(number => $"\"m{number}\":{number}")) + "}");
        yield return Case("LongName", $"{{\"{new string('n', 500_000)}\":1}}");
        yield return Case("HugeNumber", $"{{\"temperature\":1e999999,\"cost\":{new string('9', 100_000)},\"new_balance\":1e309}}");
        yield return Case("ExactlyTheLimit", Padded(MiB));
    }

    public static IEnumerable<TestCaseData> OversizedBodies()
    {
        yield return Case("OneByteTooMany", Padded(MiB + 1));
        yield return Case("TenMegabytes", Padded(10 * MiB));
        yield return Case("TenMegabytesOfNothing", new string(' ', 10 * MiB));
    }

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _google = await GoogleServer.StartAsync();
        _platform = await TestPlatform.StartAsync(database, _google.Settings);
        _api = _platform.StayingApi();
        _token = await _api.TokenAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _platform.DisposeAsync();
        await _google.DisposeAsync();
    }

    [TestCaseSource(nameof(UnreadableBodies))]
    public Task Body_WhenItIsNoJsonObject_Is400(byte[] body) =>
        EachAsync(_ => new ByteArrayContent(body), HttpStatusCode.BadRequest);

    [TestCaseSource(nameof(OddObjects))]
    public Task Body_WhenItIsAnOddObject_IsRefused(byte[] body) => EachAsync(_ => new ByteArrayContent(body));

    [TestCaseSource(nameof(OversizedBodies))]
    public Task Body_WhenItIsTooLarge_Is413(byte[] body) =>
        EachAsync(_ => new ByteArrayContent(body), HttpStatusCode.RequestEntityTooLarge, route => !route.ReadsLargeBodies);

    [TestCaseSource(nameof(OversizedBodies))]
    public Task Body_WhenItIsTooLargeAndChunked_Is413(byte[] body) =>
        EachAsync(_ => new StreamContent(new Unsized(body)), HttpStatusCode.RequestEntityTooLarge, route => !route.ReadsLargeBodies);

    [TestCase("text/plain")]
    [TestCase("application/x-www-form-urlencoded")]
    [TestCase("multipart/form-data; boundary=b")]
    [TestCase("application/json; charset=utf-16")]
    [TestCase("no type at all")]
    public Task Body_WhenItsTypeIsAnother_IsReadAllTheSameAndRefusedForWhatItLacks(string type) => EachAsync(_ =>
    {
        var content = new ByteArrayContent("{\"unknown\":1}"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return content;
    });

    [TestCase("12345")]
    [TestCase("1.5")]
    [TestCase("-1")]
    [TestCase("1e400")]
    [TestCase("99999999999999999999")]
    [TestCase("true")]
    [TestCase("\"text\"")]
    [TestCase("\"\"")]
    [TestCase("\"\\u0000\"")]
    [TestCase("\"\\ud800\"")]
    [TestCase("[]")]
    [TestCase("[\"a\"]")]
    [TestCase("{}")]
    [TestCase("{\"a\":{}}")]
    [TestCase("null")]
    public async Task Field_WhenItHasAnotherType_IsRefused(string value)
    {
        foreach (var route in Routes())
        {
            // An empty text clears what a person says of themselves, and on one surface nothing does too.
            var clears = (route.Key, value) is ("identity.change-profile", "\"\"" or "null") or ("identity.change-own-profile", "\"\"");
            foreach (var field in FieldsOf(route.Body!).Where(field => !clears && !Suits(field.Type, value)))
            {
                // Its token is good and everything else missing, so that no route has reason to accept it.
                var token = field.Name == "token" ? string.Empty : $"\"token\":{JsonSerializer.Serialize(_token)},";
                var answer = await SendAsync(route, new StringContent($"{{{token}\"{field.Name}\":{value}}}", Utf8, "application/json"));

                AssertRefused(route, answer, because: $"{field.Name} = {value}");
            }
        }
    }

    [Test]
    public async Task Field_WhenItIsAMillionCharacters_IsRefused()
    {
        foreach (var route in Routes())
        {
            foreach (var field in FieldsOf(route.Body!).Where(field => field.Type == typeof(string)))
            {
                var token = field.Name == "token" ? string.Empty : $"\"token\":{JsonSerializer.Serialize(_token)},";
                var body = $"{{{token}\"{field.Name}\":\"{new string('x', 1_000_000)}\"}}";

                AssertRefused(route, await SendAsync(route, new StringContent(body, Utf8, "application/json")), because: field.Name);
            }
        }
    }

    [Test]
    public async Task Credentials_WhenTwoDifferentOnesAreSent_AreRefused()
    {
        foreach (var route in ApiRoute.All(_platform).Where(route => !route.IsAnonymous))
        {
            using var request = new HttpRequestMessage(route.Method, route.Path);
            request.Headers.Add("API-Key", [TestPlatform.AdminKey, Guid.Empty.ToString()]);
            request.Headers.Add("X-Token", [_token, "another"]);

            var answer = await _api.SendAsync(request);

            Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Unauthorized), $"{route}: {answer.Text}");
        }
    }

    [TestCase("?token=%00&active=%00&file_id=%00&user_id=%00&path=%00&page=%00&exp=%00&sig=%00")]
    [TestCase("?token=%ff%fe&file_id=%ff&path=%ff&exp=%ff&sig=%ff")]
    [TestCase("?token=%&file_id=%zz&&&==&=")]
    [TestCase("?token[]=a&token[b]=c&filter.user_id=d")]
    [TestCase("?token=a&token=b&page=1&page=2&per_page=1&per_page=2&active=1&active=0")]
    [TestCase("?page=99999999999999999999&per_page=-1&status=1e9&from=%2B&to=%2B")]
    public async Task Query_WhenItIsOdd_NeverFails(string query)
    {
        foreach (var route in ApiRoute.All(_platform))
        {
            using var request = WithCredentials(new HttpRequestMessage(route.Method, route.Path + query));

            var answer = await _api.SendAsync(request);

            Assert.That((int)answer.Status, Is.LessThan(500), $"{route}: {answer.Text}");
        }
    }

    [TestCase("token")]
    [TestCase("file_id")]
    [TestCase("path")]
    [TestCase("sig")]
    [TestCase("unknown")]
    public Task Query_WhenAValueIsVeryLong_NeverFails(string name) => Query_WhenItIsOdd_NeverFails($"?{name}={new string('q', 50_000)}");

    [TestCase("%2e%2e%2f%2e%2e%2fetc%2fpasswd")]
    [TestCase("%ff%fe")]
    [TestCase("%F0%9F%98%80")]
    [TestCase("{}")]
    [TestCase("%25%30%30")]
    [TestCase("%20")]
    [TestCase("%0A%0D")]
    [TestCase("%E2%80%83")]
    public async Task RouteValue_WhenItIsOdd_IsRefused(string value)
    {
        var routes = ApiRoute.All(_platform).Where(route => route.Pattern.Contains('{', StringComparison.Ordinal)).ToList();
        Assert.That(routes, Is.Not.Empty);
        foreach (var route in routes)
        {
            using var request = WithCredentials(
                new HttpRequestMessage(route.Method, route.Path.Replace("something", value, StringComparison.Ordinal)));

            var answer = await _api.SendAsync(request);

            Assert.That((int)answer.Status, Is.InRange(400, 499), $"{route}: {answer.Text}");
        }
    }

    [TestCase("API-Key")]
    [TestCase("X-Token")]
    [TestCase("Authorization")]
    [TestCase("X-Correlation-ID")]
    [TestCase("Idempotency-Key")]
    [TestCase("User-Agent")]
    [TestCase("Content-Type")]
    public async Task Header_WhenItIsAHundredKilobytes_NeverFails(string name)
    {
        foreach (var route in ApiRoute.All(_platform))
        {
            using var request = new HttpRequestMessage(route.Method, route.Path) { Content = new ByteArrayContent([]) };
            var headers = name == "Content-Type" ? (HttpHeaders)request.Content.Headers : request.Headers;
            headers.TryAddWithoutValidation(name, new string('h', 100_000));

            var answer = await _api.SendAsync(request);

            Assert.That((int)answer.Status, Is.InRange(route.IsAnonymous ? 200 : 400, 499), $"{route}: {answer.Text}");
        }
    }

    private static TestCaseData Case(string name, string body) => Case(name, Utf8.GetBytes(body));

    private static TestCaseData Case(string name, byte[] body) => new TestCaseData((object)body).SetArgDisplayNames(name);

    private static string Nested(string open, string inner, string close, int levels) =>
        string.Concat(Enumerable.Repeat(open, levels)) + inner + string.Concat(Enumerable.Repeat(close, levels));

    /// <summary>A JSON object of exactly so many bytes.</summary>
    private static string Padded(int bytes) => $"{{\"padding\":\"{new string('x', bytes - 14)}\"}}";

    private static IEnumerable<(string Name, Type Type)> FieldsOf(Type body) =>
        from property in body.GetProperties()
        where property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(Supplied<>)
        where property.GetCustomAttributes(typeof(System.Text.Json.Serialization.JsonIgnoreAttribute), false).Length == 0
        select (JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name), property.PropertyType.GenericTypeArguments[0]);

    private static bool Suits(Type type, string value) => (type == typeof(string), value[0]) switch
    {
        (true, '"') => value == "\"text\"",
        (true, _) => false,
        (false, '"' or '[' or '{') => false,
        (false, _) => true,
    };

    private static void AssertRefused(ApiRoute route, Answer answer, HttpStatusCode? status = null, string? because = null)
    {
        var what = $"{route} {because}: {answer.Status} {answer.Text}";

        // Seeds 001 to 004 answer what they cannot read with 422.
        var isEither = status is HttpStatusCode.BadRequest && route.Shape is ErrorShape.Detail or ErrorShape.FastApi;
        Assert.That(
            (int)answer.Status, status is null ? Is.InRange(400, 499) : isEither ? Is.AnyOf(400, 422) : Is.EqualTo((int)status), what);
        var fields = answer.Json.AsObject().Select(field => field.Key).ToList();
        if (route.Shape is ErrorShape.OpenAI or ErrorShape.Anthropic)
        {
            Assert.That(answer["error"]!["message"]!.GetValue<string>(), Is.Not.Empty, what);
            return;
        }

        if (route.Shape is ErrorShape.Detail or ErrorShape.FastApi)
        {
            var isList = route.Shape is ErrorShape.FastApi && answer.Status is HttpStatusCode.UnprocessableEntity;
            Assert.That((isList ? answer["detail"]![0]!["msg"]! : answer["detail"]!).GetValue<string>(), Is.Not.Empty, what);
            return;
        }

        var hasTitle = route.Shape is ErrorShape.AiFrameworkModel && fields.Contains("response")
            ? answer["response"]!.GetValue<string>() == ((int)answer.Status).ToString(System.Globalization.CultureInfo.InvariantCulture)
            : fields.Contains("error");
        Assert.That(hasTitle && answer["message"]!.GetValue<string>().Length > 0, Is.True, what);
    }

    private List<ApiRoute> Routes()
    {
        var routes = ApiRoute.All(_platform).Where(route => route.Body is not null).ToList();
        Assert.That(routes, Has.Count.GreaterThan(8));
        return routes;
    }

    private HttpRequestMessage WithCredentials(HttpRequestMessage request)
    {
        request.Headers.Add("API-Key", TestPlatform.AdminKey);
        request.Headers.Add("X-Token", _token);
        return request;
    }

    private async Task<Answer> SendAsync(ApiRoute route, HttpContent content)
    {
        using var request = WithCredentials(new HttpRequestMessage(route.Method, route.Path) { Content = content });
        return await _api.SendAsync(request);
    }

    private async Task EachAsync(Func<ApiRoute, HttpContent> content, HttpStatusCode? status = null, Func<ApiRoute, bool>? isMeant = null)
    {
        var before = await RowsAsync();
        foreach (var route in Routes().Where(isMeant ?? (_ => true)))
        {
            AssertRefused(route, await SendAsync(route, content(route)), status);
        }

        Assert.That(await RowsAsync(), Is.EqualTo(before));
    }

    /// <summary>How many rows every table has, but for the audit trail, which notes each of these calls, and the runs of jobs, which the clock starts.</summary>
    private Task<string> RowsAsync() => _platform.QueryAsync(async db =>
    {
        var tables = db.Model.GetEntityTypes().Select(entity => entity.GetTableName()!).Where(table => table is not ("audit_records" or "job_runs")).Distinct().Order();
        var counts = new List<string>();
        foreach (var table in tables)
        {
            var sql = string.Join(' ', "SELECT COUNT(*) AS \"Value\" FROM", table);
            counts.Add($"{table} {await db.Database.SqlQueryRaw<long>(sql).SingleAsync()}");
        }

        Assert.That(counts, Has.Count.GreaterThan(8));
        return string.Join(", ", counts);
    });

    /// <summary>A stream that does not know its length, so that it is sent in chunks.</summary>
    private sealed class Unsized(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
