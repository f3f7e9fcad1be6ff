using System.Net;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

public sealed class ApiTokenTests(DatabaseProvider database) : PlatformTests(database)
{
    [Test]
    public async Task Token_WhenMade_IdentifiesUntilItIsDeleted()
    {
        var member = await Api.MemberAsync();

        var made = await CreateAsync(member, new { name = "My API Token" });
        var secret = made["token"]!.GetValue<string>();
        var id = made["id"]!.GetValue<string>();

        Assert.That(secret, Does.Match("^sk-[A-Za-z0-9_-]{43}$"));
        Assert.That(made["user_id"]!.GetValue<long>(), Is.EqualTo(member.Number));
        Assert.That((await Api.AsAsync(secret, HttpMethod.Get, "/auth/me"))["id"]!.GetValue<long>(), Is.EqualTo(member.Number));
        var listed = await Api.AsAsync(member.Session, HttpMethod.Get, "/auth/token");
        Assert.That(listed.Text, Does.Contain(id).And.Not.Contain("sk-"));
        var deleted = await Api.AsAsync(member.Session, HttpMethod.Delete, $"/auth/token/{id}");
        Assert.That(deleted["message"]!.GetValue<string>(), Is.EqualTo("Token deleted successfully"));
        (await Api.AsAsync(secret, HttpMethod.Get, "/auth/me")).AssertDetail(401, "Could not validate credentials");
        (await Api.AsAsync(member.Session, HttpMethod.Delete, $"/auth/token/{id}")).AssertDetail(404, "Token not found");
    }

    [Test]
    public async Task Token_ForSomebodyElse_IsMadeByAdministratorsAlone()
    {
        var (mine, other) = (await Api.MemberAsync(), await Api.MemberAsync());

        (await CreateAsync(mine, new { name = "x", user_id = other.Number })).AssertDetail(403, "Not authorized to perform this action");
        var made = await Api.AsAsync(TestPlatform.AdminKey, HttpMethod.Post, "/auth/token", new { name = "x", user_id = other.Number });
        var nobody = await Api.AsAsync(TestPlatform.AdminKey, HttpMethod.Post, "/auth/token", new { name = "x", user_id = int.MaxValue });

        Assert.That((await Api.AsAsync(made["token"]!.GetValue<string>(), HttpMethod.Get, "/auth/me"))["email"]!.GetValue<string>(), Is.EqualTo(other.Email));
        nobody.AssertDetail(404, "User not found");
    }

    [Test]
    public async Task Token_OfSomebodyElse_CannotBeDeleted()
    {
        var (mine, other) = (await Api.MemberAsync(), await Api.MemberAsync());
        var id = (await CreateAsync(other, new { name = "x" }))["id"]!.GetValue<string>();

        (await Api.AsAsync(mine.Session, HttpMethod.Delete, $"/auth/token/{id}")).AssertDetail(404, "Token not found");
        (await Api.AsAsync(mine.Session, HttpMethod.Delete, "/auth/token/nothing")).AssertDetail(404, "Token not found");
    }

    [Test]
    public async Task Token_WhenThereAreAHundred_IsRefused()
    {
        var member = await Api.MemberAsync();
        for (var number = 0; number < 100; number++)
        {
            Assert.That((await CreateAsync(member, new { name = $"{number}" })).Status, Is.EqualTo(HttpStatusCode.OK));
        }

        (await CreateAsync(member, new { name = "one more" })).AssertDetail(409, "There are 100 tokens already. Delete one that is not used any more.");
    }

    [TestCase("{}")]
    [TestCase("""{"name":""}""")]
    [TestCase("""{"name":"a\u0000b"}""")]
    [TestCase("""{"name":["x"]}""")]
    public async Task Token_WhenItsNameIsNone_NamesTheField(string body) =>
        (await Api.AsAsync((await Api.MemberAsync()).Session, HttpMethod.Post, "/auth/token", body))
            .AssertDetail(422, "name: must be a string of 1 to 100 characters without control characters");

    private Task<Answer> CreateAsync(Member member, object body) => Api.AsAsync(member.Session, HttpMethod.Post, "/auth/token", body);
}
