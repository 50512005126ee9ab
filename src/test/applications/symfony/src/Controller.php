<?php

declare(strict_types=1);

namespace Box;

use RuntimeException;
use Symfony\Bundle\FrameworkBundle\Controller\AbstractController;
use Symfony\Component\Form\Extension\Core\Type\FileType;
use Symfony\Component\Form\Extension\Core\Type\SubmitType;
use Symfony\Component\Form\Extension\Core\Type\TextType;
use Symfony\Component\HttpFoundation\Request;
use Symfony\Component\HttpFoundation\Response;
use Symfony\Component\HttpFoundation\ResponseHeaderBag;
use Symfony\Component\Security\Http\Authentication\AuthenticationUtils;
use Symfony\Component\Validator\Constraints\Length;

final class Controller extends AbstractController
{
    public function home(): Response
    {
        return $this->redirectToRoute('list');
    }

    public function login(AuthenticationUtils $authentication): Response
    {
        return $this->render('login.html.twig', [
            'user' => $authentication->getLastUsername(),
            'error' => $authentication->getLastAuthenticationError(),
        ]);
    }

    public function list(Request $request, Documents $documents): Response
    {
        $form = $this->createFormBuilder()
            ->add('name', TextType::class, ['constraints' => [new Length(['min' => 3])]])
            ->add('file', FileType::class)
            ->add('store', SubmitType::class)
            ->getForm();
        $form->handleRequest($request);
        if ($form->isSubmitted() && $form->isValid()) {
            $documents->add($form->get('name')->getData(), $form->get('file')->getData());
            $this->addFlash('notice', $form->get('name')->getData() . ' is in the box.');

            return $this->redirectToRoute('list', [], Response::HTTP_SEE_OTHER);
        }

        return $this->renderForm('list.html.twig', ['names' => $documents->names(), 'form' => $form]);
    }

    public function download(string $name, Documents $documents): Response
    {
        $path = $documents->path($name) ?? throw $this->createNotFoundException();

        return $this->file($path, $name, ResponseHeaderBag::DISPOSITION_ATTACHMENT);
    }

    public function broken(): Response
    {
        throw new RuntimeException('a secret of the inside');
    }
}
