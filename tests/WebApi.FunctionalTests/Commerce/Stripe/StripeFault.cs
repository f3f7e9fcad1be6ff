namespace AiPlatform.WebApi.FunctionalTests.Commerce.Stripe;

/// <summary>How the server of the tests misbehaves with one request.</summary>
public enum StripeFault
{
    /// <summary>It does what was asked, and the connection breaks before its answer.</summary>
    LoseAnswer,

    /// <summary>The connection breaks before anything was done.</summary>
    LoseRequest,

    /// <summary>It does what was asked, and says 500, now and whenever it is asked with the same key.</summary>
    FailAfter,

    /// <summary>It does nothing and says 500; the next time it does what was asked.</summary>
    FailBefore,

    /// <summary>It does nothing and says that it is asked too often.</summary>
    Throttle,

    /// <summary>It does what was asked and does not answer.</summary>
    Hang,

    /// <summary>It does what was asked and answers without end.</summary>
    AnswerEndlessly,

    /// <summary>It does what was asked and answers what is no JSON.</summary>
    AnswerNonsense,

    /// <summary>It does nothing and leads elsewhere.</summary>
    Redirect,
}
