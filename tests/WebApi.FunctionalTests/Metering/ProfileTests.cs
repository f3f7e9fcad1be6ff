using System.Net;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

/// <summary>The caller's profile.</summary>
public sealed class ProfileTests(DatabaseProvider database) : PlatformTests(database)
{
    [Test]
    public async Task Profile_OfANewcomer_IsDocumentedMemberByMember()
    {
        var person = await Api.NewcomerAsync();

        var profile = await Api.BearerAsync(HttpMethod.Get, "/users/me", person.AccessToken);

        Assert.That(profile.Status, Is.EqualTo(HttpStatusCode.OK), profile.Text);
        Assert.That(
            profile.Json.AsObject().Where(member => member.Key is not ("id" or "created_at" or "last_login_at")).Select(member => $"{member.Key}={member.Value?.ToJsonString()}"),
            Is.EqualTo(new[]
            {
                $"email=\"{person.Email}\"", $"username=\"{person.Email.Split('@')[0]}\"", "full_name=", "bio=", "website=", "profile_image=",
                "role=\"user\"", "is_active=true", "subscription=\"free\"", "tokens_remaining=10000", "tokens_used=0",
            }));
        Assert.That(profile["last_login_at"]!.GetValue<string>(), Does.EndWith("Z"));
    }

    [Test]
    public async Task Change_SetsWhatIsGivenAndKeepsTheRest()
    {
        var person = await Api.NewcomerAsync();
        var handle = $"h{Unique.Id():N}"[..20];
        await PutAsync(person, new { bio = "Writes programs.", website = "https://example.com/a", full_name = "Ada Lovelace" });

        var changed = await PutAsync(person, new { username = handle, profile_image = "https://example.com/ada.png", website = (string?)null });

        Assert.That(
            ((string[])["username", "full_name", "bio", "website", "profile_image"]).Select(name => changed[name]?.GetValue<string>()),
            Is.EqualTo(new[] { handle, "Ada Lovelace", "Writes programs.", null, "https://example.com/ada.png" }));
        var signedIn = await Api.PostAsync("/auth/login", new { username = handle, password = person.Password });
        Assert.That(signedIn.Status, Is.EqualTo(HttpStatusCode.OK), signedIn.Text);
    }

    [Test]
    public async Task Change_OfAnAccountThatAnAdministratorOpened_MakesItsProfile()
    {
        var person = await Api.UserAsync();

        var changed = await Api.PutAsync("/users/me", new { bio = "Here." }, person.ApiKey);

        Assert.That((changed.Status, changed["bio"]?.GetValue<string>()), Is.EqualTo((HttpStatusCode.OK, "Here.")), changed.Text);
    }

    [TestCase("/users/me", "bio")]
    [TestCase("/api/v1/auth/profile", "about_me")]
    public async Task Change_WhenTheFirstOnesComeAtTheSameTime_FailsNone(string path, string field)
    {
        for (var round = 0; round < 5; round++)
        {
            var person = await Api.UserAsync();

            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number =>
                Api.PutAsync(path, new Dictionary<string, string> { [field] = $"Here {number}." }, person.ApiKey)));

            Assert.That(answers.Select(answer => answer.Status), Is.All.EqualTo(HttpStatusCode.OK), answers[^1].Text);
        }
    }

    [Test]
    public async Task Change_ToAHandleThatIsTaken_IsRefused()
    {
        var (first, second) = (await Api.NewcomerAsync(), await Api.NewcomerAsync());
        var handle = $"h{Unique.Id():N}"[..20];
        await PutAsync(first, new { username = handle });

        (await PutAsync(second, new { username = handle.ToUpperInvariant() })).AssertDetail(HttpStatusCode.BadRequest, "Username already taken");
    }

    [TestCase("{}", "body", "value_error", "Input should be a JSON object with at least one of username, full_name, bio, website, profile_image")]
    [TestCase("""{"username":"a b"}""", "body.username", "value_error", "Input should be 3 to 30 letters, digits and underscores")]
    [TestCase("""{"username":7}""", "body.username", "string_type", "Input should be a valid string")]
    [TestCase("""{"full_name":"a\u0000b"}""", "body.full_name", "string_type", "Input should be a valid string")]
    [TestCase("""{"bio":[]}""", "body.bio", "string_type", "Input should be a valid string")]
    [TestCase("""{"website":"javascript:alert(1)"}""", "body.website", "value_error", "Input should be an http or https address of at most 500 characters")]
    [TestCase("""{"profile_image":"no address"}""", "body.profile_image", "value_error", "Input should be an http or https address of at most 500 characters")]
    public async Task Change_WithAWrongField_IsRefused(string body, string place, string type, string words) =>
        (await PutAsync(await Api.NewcomerAsync(), body)).AssertFault(place, type, words);

    [Test]
    public async Task Change_OfRoleOrActivity_ChangesNeither()
    {
        var person = await Api.NewcomerAsync();

        var changed = await PutAsync(person, new { role = "admin", is_active = false, bio = "x" });

        Assert.That((changed["role"]!.GetValue<string>(), changed["is_active"]!.GetValue<bool>()), Is.EqualTo(("user", true)));
    }

    [Test]
    public async Task Profile_WithoutACredential_IsRefused()
    {
        (await Api.GetAsync("/users/me")).AssertDetail(HttpStatusCode.Unauthorized, "Could not validate credentials");
        (await Api.PutAsync("/users/me", new { bio = "x" })).AssertDetail(HttpStatusCode.Unauthorized, "Could not validate credentials");
    }

    private Task<Answer> PutAsync(Newcomer person, object body) => Api.BearerAsync(HttpMethod.Put, "/users/me", person.AccessToken, body);
}
