using System.Globalization;
using System.Text.Json.Nodes;
using AiPlatform.Domain.Shared;

namespace AiPlatform.WebApi.Shared.Errors;

/// <summary>Renders an error in each shape.</summary>
internal static class ErrorBodies
{
    private static readonly Dictionary<ErrorShape, Func<Error, JsonObject>> Shapes = new()
    {
        [ErrorShape.Detail] = error => new JsonObject { ["detail"] = error.Message },
        [ErrorShape.AiFramework] = AiFramework,
        [ErrorShape.AiFrameworkModel] = AiFrameworkModel,
    };

    public static JsonObject Render(ErrorShape shape, Error error)
    {
        var body = Shapes[shape](error);
        foreach (var (name, value) in error.Extensions)
        {
            body[name] = value;
        }

        return body;
    }

    private static JsonObject AiFramework(Error error)
    {
        var body = new JsonObject { ["error"] = error.Title ?? Title(error.Kind) };
        if (error.Message.Length > 0)
        {
            body["message"] = error.Message;
        }

        return body;
    }

    private static JsonObject AiFrameworkModel(Error error) =>
        error.Title is null && error.Kind is not (ErrorKind.Unauthenticated or ErrorKind.Forbidden or ErrorKind.TooManyRequests)
            ? new JsonObject
            {
                ["response"] = ((int)error.Kind).ToString(CultureInfo.InvariantCulture),
                ["message"] = error.Message,
            }
            : AiFramework(error);

    private static string Title(ErrorKind kind) => kind switch
    {
        ErrorKind.BadRequest => "Bad Request",
        ErrorKind.Unauthenticated => "Authentication Error",
        ErrorKind.InsufficientFunds => "Insufficient Balance",
        ErrorKind.Forbidden => "Forbidden",
        ErrorKind.NotFound => "Not Found",
        ErrorKind.MethodNotAllowed => "Method Not Allowed",
        ErrorKind.Conflict => "Conflict",
        ErrorKind.PayloadTooLarge => "Payload Too Large",
        ErrorKind.UnsupportedMediaType => "Unsupported Media Type",
        ErrorKind.TooManyRequests => "Too Many Requests",
        ErrorKind.Unavailable => "Service Unavailable",
        _ => "Server Error",
    };
}
