using System.Globalization;
using System.Text.Json.Nodes;
using AiPlatform.Domain.Shared;

namespace AiPlatform.WebApi.Shared.Errors;

/// <summary>Renders an error in each shape.</summary>
internal static class ErrorBodies
{
    private static readonly Dictionary<ErrorShape, Func<Error, string, JsonObject>> Shapes = new()
    {
        [ErrorShape.Detail] = (error, _) => new JsonObject { ["detail"] = error.Message },
        [ErrorShape.FastApi] = FastApi,
        [ErrorShape.AiFramework] = (error, _) => AiFramework(error),
        [ErrorShape.AiFrameworkModel] = (error, _) => AiFrameworkModel(error),
        [ErrorShape.OpenAI] = (error, _) => OpenAI(error),
        [ErrorShape.Anthropic] = (error, _) => Anthropic(error),
    };

    /// <summary>The body of an error.</summary>
    /// <param name="shape">How the surface writes errors.</param>
    /// <param name="error">The error.</param>
    /// <param name="place">Where the field at fault stands.</param>
    public static JsonObject Render(ErrorShape shape, Error error, string place)
    {
        var body = Shapes[shape](error, place);
        foreach (var (name, value) in error.Extensions)
        {
            body[name] = value;
        }

        foreach (var (name, value) in error.Numbers)
        {
            body[name] = value;
        }

        return body;
    }

    private static JsonObject FastApi(Error error, string place) => new()
    {
        ["detail"] = error is { Kind: ErrorKind.Unprocessable, Field: not null } ? FieldFaults.Of(error, place) : error.Message,
    };

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

    private static JsonObject OpenAI(Error error) => new()
    {
        ["error"] = new JsonObject
        {
            ["message"] = error.Message,
            ["type"] = error.Kind switch
            {
                ErrorKind.Unauthenticated => "authentication_error",
                ErrorKind.Forbidden => "permission_error",
                ErrorKind.InsufficientFunds => "insufficient_quota",
                ErrorKind.TooManyRequests => "rate_limit_error",
                >= ErrorKind.Internal => "server_error",
                _ => "invalid_request_error",
            },
            ["param"] = error.Field,
            ["code"] = error.Code,
        },
    };

    private static JsonObject Anthropic(Error error) => new()
    {
        ["type"] = "error",
        ["error"] = new JsonObject
        {
            ["type"] = error.Kind switch
            {
                ErrorKind.Unauthenticated => "authentication_error",
                ErrorKind.InsufficientFunds => "billing_error",
                ErrorKind.Forbidden => "permission_error",
                ErrorKind.NotFound => "not_found_error",
                ErrorKind.PayloadTooLarge => "request_too_large",
                ErrorKind.TooManyRequests => "rate_limit_error",
                ErrorKind.GatewayTimeout => "timeout_error",
                ErrorKind.Unavailable => "overloaded_error",
                >= ErrorKind.Internal => "api_error",
                _ => "invalid_request_error",
            },
            ["message"] = error.Message,
        },
    };

    private static string Title(ErrorKind kind) => kind switch
    {
        ErrorKind.BadRequest => "Bad Request",
        ErrorKind.Unauthenticated => "Authentication Error",
        ErrorKind.InsufficientFunds => "Insufficient Balance",
        ErrorKind.Forbidden => "Forbidden",
        ErrorKind.NotFound => "Not Found",
        ErrorKind.MethodNotAllowed => "Method Not Allowed",
        ErrorKind.RequestTimeout => "Request Timeout",
        ErrorKind.Conflict => "Conflict",
        ErrorKind.PayloadTooLarge => "Payload Too Large",
        ErrorKind.UnsupportedMediaType => "Unsupported Media Type",
        ErrorKind.TooManyRequests => "Too Many Requests",
        ErrorKind.Unavailable => "Service Unavailable",
        _ => "Server Error",
    };
}
