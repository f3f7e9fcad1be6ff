using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Gateway.Relay;

/// <summary>Why a request in the form of a model API is not answered.</summary>
public static class RelayErrors
{
    /// <summary>No route of the model is configured.</summary>
    /// <param name="model">The model.</param>
    public static Error NotServed(string model) => new(
        "model_not_served",
        ErrorKind.NotFound,
        $"No configured provider serves {model} in this form. Use another model, or ask an administrator to configure its provider")
    {
        Field = "model",
    };

    /// <summary>Every way to the model failed.</summary>
    /// <param name="retryAfter">When to come back, where a provider said so.</param>
    public static Error Failed(TimeSpan? retryAfter) =>
        new("provider_failed", ErrorKind.BadGateway, "The model provider could not answer the request. Try again shortly")
        {
            RetryAfter = retryAfter,
        };

    /// <summary>No provider answered in time.</summary>
    /// <param name="retryAfter">When to come back, where a provider said so.</param>
    public static Error TimedOut(TimeSpan? retryAfter) =>
        new("provider_timeout", ErrorKind.GatewayTimeout, "The model provider did not answer in time. Try again, or ask for a shorter answer")
        {
            RetryAfter = retryAfter,
        };

    /// <summary>The caller did not take its answer in the time that there is for one.</summary>
    public static Error NotTaken { get; } =
        new("answer_not_taken", ErrorKind.RequestTimeout, "The answer was not read in time. Read it as it comes, or ask for a shorter one");

    /// <summary>The catalogue has no such model.</summary>
    /// <param name="model">What was asked for.</param>
    public static Error ModelNotFound(string model) =>
        new("model_not_found", ErrorKind.NotFound, $"The model '{model}' does not exist. GET /v1/models lists those that do")
        {
            Field = "model",
        };

    /// <summary>The platform is to choose, and has nothing to choose from.</summary>
    public static Error NothingToChoose { get; } = new(
        "model_not_found",
        ErrorKind.NotFound,
        "There is no model to choose: none that you may use has a price and is served in this form. GET /v1/models lists those that you can name")
    {
        Field = "model",
    };

    /// <summary>The model cannot do what was asked for.</summary>
    /// <param name="model">The model.</param>
    public static Error NotCapable(string model) =>
        new("model_not_capable", ErrorKind.BadRequest, $"The model '{model}' does not serve this operation. GET /v1/models tells what each does")
        {
            Field = "model",
        };

    /// <summary>A field that is read has the wrong type or range.</summary>
    /// <param name="field">Wire name.</param>
    /// <param name="expected">What it must be.</param>
    public static Error Mistyped(string field, string expected) =>
        new("invalid_value", ErrorKind.BadRequest, $"'{field}' must be {expected}")
        {
            Field = field,
            Fault = new FieldFault.Unfit(expected),
        };

    /// <summary>More texts at once than are gone on with.</summary>
    public static Error TooManyPrompts { get; } = Mistyped("prompt", $"at most {RelayCommand.MaxPrompts} texts");

    /// <summary>A field cannot be said in the form of the provider that serves the model.</summary>
    /// <param name="field">Where it is: <c>messages[2].content</c>.</param>
    /// <param name="must">What it must be, beginning with "must".</param>
    public static Error Untranslatable(string field, string must) =>
        new("invalid_request", ErrorKind.BadRequest, $"'{field}' {must}") { Field = field };

    /// <summary>What an answer that is of no use is answered with.</summary>
    /// <param name="useless">What is wrong with it.</param>
    internal static Error Of(Exception useless) =>
        useless is ProviderUnreachableException { Failure: ProviderFailure.TimedOut } ? TimedOut(null) : Failed(null);

    /// <summary>The provider refused with a status that is passed on and words that are not JSON.</summary>
    /// <param name="rejection">Its refusal.</param>
    internal static Error Rejected(Rejection rejection) =>
        new("provider_rejected", (ErrorKind)rejection.Status, "The model provider rejected the request") { RetryAfter = rejection.RetryAfter };
}
