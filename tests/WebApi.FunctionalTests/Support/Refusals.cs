using System.Net;
using System.Text.Json.Nodes;

namespace AiPlatform.WebApi.FunctionalTests.Support;

/// <summary>The errors of the AI API framework, whole.</summary>
public static class Refusals
{
    public static void AssertRefused(this Answer answer, HttpStatusCode status, string error, string message)
    {
        Assert.That(answer.Status, Is.EqualTo(status), answer.Text);
        Assert.That(
            JsonNode.DeepEquals(answer.Json, new JsonObject { ["error"] = error, ["message"] = message }), Is.True, answer.Text);
    }

    public static void AssertBadRequest(this Answer answer, string message) =>
        answer.AssertRefused(HttpStatusCode.BadRequest, "Bad Request", message);

    public static void AssertUnauthenticated(this Answer answer, string message) =>
        answer.AssertRefused(HttpStatusCode.Unauthorized, "Authentication Error", message);

    public static void AssertForbidden(this Answer answer, string message) =>
        answer.AssertRefused(HttpStatusCode.Forbidden, "Forbidden", message);

    public static void AssertFailed(this Answer answer, string message) =>
        answer.AssertRefused(HttpStatusCode.InternalServerError, "Server Error", message);

    /// <summary>The id that the answer carries and its audit record has.</summary>
    public static Guid RequestId(this Answer answer) => Guid.Parse(answer.Headers.GetValues("X-Request-Id").Single());
}
