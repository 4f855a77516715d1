;;; emacs.el --- Eglot with our server over stdio  -*- lexical-binding: t -*-
;; Diagnostics by push through Flymake, a code action, save.  Run by emacs.test.ts with --batch;
;; prints `key: value' lines, ends with status 0 or 1.

(setq eglot-sync-connect t
      eglot-connect-timeout 20
      eglot-confirm-server-initiated-edits nil
      make-backup-files nil
      create-lockfiles nil)
(require 'eglot)
;; Where the grammar of c-ts-mode lies, for an Emacs that has the mode.
(when (getenv "LSP_GRAMMARS")
  (require 'treesit)
  (setq treesit-extra-load-path (list (getenv "LSP_GRAMMARS"))))
(require 'cl-lib)

(defun dt-say (key value) (princ (format "%s: %s\n" key value)))

(defun dt-wait-for (what condition)
  "Let the server's messages in until CONDITION holds."
  (let ((tries 0))
    (while (and (< tries 300) (not (funcall condition)))
      (accept-process-output nil 0.05)
      (setq tries (1+ tries)))
    (unless (funcall condition) (error "Waited in vain until %s" what))))

(defun dt-ask (method params)
  (jsonrpc-request (eglot-current-server) method
                   (append (list :textDocument (eglot--TextDocumentIdentifier)) params)))

(defun dt-apply (edit)
  "Apply EDIT without asking; newer versions want to know who asks."
  (if (equal (car (func-arity #'eglot--apply-workspace-edit)) 1)
      (eglot--apply-workspace-edit edit)
    (eglot--apply-workspace-edit edit this-command)))

(defun dt-annotations (position)
  "Say what hover, lenses and hints tell."
  (goto-char position)
  (let ((hover (dt-ask :textDocument/hover (list :position (eglot--pos-to-lsp-position))))
        (lenses (dt-ask :textDocument/codeLens nil))
        (hints (dt-ask :textDocument/inlayHint
                       (list :range (list :start (list :line 0 :character 0)
                                          :end (list :line 1000 :character 0))))))
    (dt-say "hover" (car (split-string (plist-get (plist-get hover :contents) :value) "\n")))
    (mapc (lambda (lens) (dt-say "lens" (plist-get (plist-get lens :command) :title))) lenses)
    (mapc (lambda (hint) (dt-say "hint" (plist-get hint :label))) hints)
    (let* ((command (plist-get (aref lenses 0) :command))
           (text (dt-ask :workspace/executeCommand
                         (list :command (plist-get command :command)
                               :arguments (plist-get command :arguments)))))
      (dt-say "order" (car (split-string text "\n"))))))

(defun dt-session (file node server wanted)
  (add-to-list 'eglot-server-programs `((c-mode c-ts-mode) . (,node ,server "--stdio")))
  (find-file file)
  (funcall (intern (or (getenv "LSP_MODE") "c-mode")))
  ;; What M-x eglot does; its arguments have changed from version to version.
  (apply #'eglot (eglot--guess-contact))
  (eglot--maybe-activate-editing-mode)
  ;; The compiler that Flymake would run has no kernel to compile with.
  (remove-hook 'flymake-diagnostic-functions 'flymake-cc t)
  (flymake-mode 1)
  (flymake-start)
  (dt-wait-for "there is a diagnostic" #'flymake-diagnostics)
  (dt-say "diagnostics" (length (flymake-diagnostics)))
  (let* ((diagnostic (car (flymake-diagnostics)))
         (beginning (flymake-diagnostic-beg diagnostic))
         (actions (eglot-code-actions beginning (flymake-diagnostic-end diagnostic) "quickfix" nil))
         (action (cl-find wanted (append actions nil)
                          :key (lambda (offered) (plist-get offered :title)) :test #'string-prefix-p)))
    (dt-annotations beginning)
    (dt-say "line" (line-number-at-pos beginning))
    (dt-say "message" (flymake-diagnostic-text diagnostic))
    (mapc (lambda (offered) (dt-say "action" (plist-get offered :title))) actions)
    (unless action (error "The action is not offered"))
    (dt-apply (plist-get action :edit)))
  ;; Eglot tells the server of edits when Emacs is idle, which --batch never is, or when saving.
  (save-buffer)
  (dt-wait-for "the diagnostic goes" (lambda () (null (flymake-diagnostics))))
  (eglot-shutdown (eglot-current-server))
  (dt-say "done" "true"))

(condition-case problem
    (dt-session (getenv "LSP_FILE") (getenv "LSP_NODE") (getenv "LSP_SERVER") (getenv "LSP_TITLE"))
  (error (dt-say "problem" (error-message-string problem))
         (kill-emacs 1)))
;;; emacs.el ends here
