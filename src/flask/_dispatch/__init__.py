"""The journey of a request: theory of operation.

A request goes through *steps*, in one order, whichever protocol it came by. The order stands in :mod:`.steps`, as
coroutine functions, and nowhere else. What they call is of two kinds:

- *User code*: views, hooks, handlers, signal receivers. It is called by the function ``call`` that the driver hands to
  the steps. Under WSGI that makes a plain call, and what was written with ``async def`` is run to its end before it
  returns. On an event loop it may return a coroutine instead. So each step awaits a result if, and only if, it is a
  coroutine.
- *Stages*: methods of the application that users override or replace, such as ``preprocess_request``. The method of
  :class:`flask.Flask` runs the step of the same name. Which of them are not ours any more a request asks once, when its
  context is entered: those are called as user code; ours are continued without the way over the method.

A coroutine that never suspends is finished by its first ``send(None)``: that is how the WSGI driver, :mod:`.wsgi`, runs
the steps. No event loop is involved, and it costs a quarter of a microsecond more than a plain function would.

The driver for ASGI is :mod:`.asgi`; one request is an :mod:`.exchange`. It awaits the same steps on the server's event
loop, and hands them a ``call`` that sends synchronous code to one thread (:mod:`.placement`, :mod:`.threads`); or,
where no step is asynchronous, it has the thread run them all. A response starts as it would by WSGI, and :mod:`.reply`
sends it. :mod:`.disconnect` cancels a request whose client goes away, :mod:`.proxies` believes what trusted proxies
say, and :mod:`.wrapped` takes requests through WSGI middleware, where there is some.

Two more modules each answer one question that the steps ask: what response a return value is (:mod:`.responses`), and
what becomes of an exception (:mod:`.errors`). Where it is wanted, :mod:`.timing` has each response tell how long the
stages before it took.

What no hook, signal or session asks for costs a truth test: registries are read live, at each request, because programs
and extensions change them at any time. What a request asks for is told by :mod:`.asking`; where nobody takes part in it
but its view, :mod:`.alone` goes a short way, and leaves to the steps whatever turns out to be more than that.
"""
